package io.wattle.host.component;

import io.wattle.lattice.blobstore.BlobException;
import io.wattle.lattice.blobstore.BlobStore;
import io.wattle.lattice.blobstore.ObjectId;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.wasi.io.GuestOutput;
import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.wit.io.BytePipe;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of the resource {@code wasi:blobstore/types.outgoing-value}: what the component
 * writes, on its way to the store.
 */
final class OutgoingBlob implements OpenBlobs.Open {
  private final BytePipe bytes = new BytePipe();
  private final boolean finishes;
  private @Nullable CompletableFuture<Optional<String>> outcome;
  private boolean taken;
  private boolean ended;

  private OutgoingBlob(boolean finishes) {
    this.finishes = finishes;
  }

  static OutgoingBlob open(HostCall call, boolean finishes) {
    OutgoingBlob blob = new OutgoingBlob(finishes);
    OpenBlobs.add(call, blob);
    return blob;
  }

  /** {@code outgoing-value-write-body}: once. */
  Result body() {
    if (taken) {
      return Result.err(null);
    }
    taken = true;
    return Result.ok(new GuestOutput(OutputSink.to(bytes)));
  }

  /** {@code write-data}: the store reads from now on; once. */
  void send(BlobStore store, CallContext call, ObjectId id)
      throws BlobException, CallException, InterruptedException {
    if (outcome != null) {
      throw new BlobException(id + ": this value is being written already");
    }
    outcome = store.write(call, id, bytes);
  }

  /** {@code finish}: it is whole; waits until the store has it. */
  Result finish(HostCall call) throws InterruptedException {
    ended = true;
    bytes.close();
    CompletableFuture<Optional<String>> writing = outcome;
    if (writing == null) {
      return Result.err("the value was given to no container (expected: write-data before finish)");
    }
    try {
      Optional<String> error =
          writing.get(Math.max(0, call.task().deadline().nanosLeft()), TimeUnit.NANOSECONDS);
      return error.isEmpty() ? Result.OK : Result.err(error.get());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Result.err("whether it was written is not known: " + cause.getMessage());
    } catch (TimeoutException e) {
      return Result.err("the deadline passed before it was written");
    }
  }

  /** Of a component that never says that a value is whole, dropping it says so. */
  void dropped() {
    if (finishes) {
      abandon("the component dropped the value without finishing it");
    } else {
      ended = true;
      bytes.close();
    }
  }

  @Override
  public boolean done() {
    return ended;
  }

  @Override
  public void abandon(String reason) {
    if (!ended) {
      ended = true;
      bytes.abort(reason);
    }
  }
}

package io.wattle.host.component;

import io.wattle.lattice.blobstore.BlobException;
import io.wattle.lattice.blobstore.BlobStore;
import io.wattle.lattice.blobstore.ObjectId;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.wasi.io.GuestInput;
import io.wattle.wit.io.PipeAbortedException;
import java.util.concurrent.TimeoutException;

/**
 * The host's side of the resource {@code wasi:blobstore/types.incoming-value}: an object or a part
 * of one, on its way from the store.
 */
final class IncomingBlob implements OpenBlobs.Open {
  /** What may be asked for as one list of bytes; larger ones are read as a stream. */
  private static final int MOST_WHOLE = 32 << 20;

  private final BlobStore.Reading reading;
  private final long size;
  private boolean taken;
  private boolean ended;

  /** The first and the last byte, unsigned. */
  record Range(long start, long end) {
    /** How many bytes of an object it covers. */
    long of(long size) {
      long from = Long.compareUnsigned(start, size) < 0 ? start : size;
      long until = Long.compareUnsigned(end, size) < 0 ? end + 1 : size;
      return Math.max(0, until - from);
    }
  }

  private IncomingBlob(BlobStore.Reading reading, long size) {
    this.reading = reading;
    this.size = size;
  }

  static IncomingBlob open(
      HostCall call, BlobStore store, CallContext context, ObjectId id, Range range)
      throws BlobException, CallException, InterruptedException {
    long size = range.of(store.info(context, id).size());
    IncomingBlob blob = new IncomingBlob(store.read(context, id, range.start(), range.end()), size);
    OpenBlobs.add(call, blob);
    return blob;
  }

  /** {@code incoming-value-consume-sync}. */
  Result whole(HostCall call) throws InterruptedException {
    taken = true;
    ended = true;
    try {
      return Result.ok(reading.bytes().readAll(MOST_WHOLE, call.task().deadline()));
    } catch (PipeAbortedException e) {
      return Result.err(String.valueOf(e.getMessage()));
    } catch (TimeoutException e) {
      return Result.err("the deadline passed while it was read");
    }
  }

  /** {@code incoming-value-consume-async}: its resource is gone then, the stream goes on. */
  Result stream() {
    taken = true;
    return Result.ok(new GuestInput(reading.bytes()));
  }

  /** How many bytes it had when it was opened. */
  long size() {
    return size;
  }

  void dropped() {
    if (!taken) {
      abandon("the component did not read it");
    }
  }

  @Override
  public boolean done() {
    return ended || (reading.outcome().isDone() && reading.bytes().buffered() == 0);
  }

  @Override
  public void abandon(String reason) {
    if (!ended) {
      ended = true;
      reading.bytes().abort(reason);
    }
  }
}

package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.Result;
import io.wattle.runtime.wasi.io.GuestOutput;
import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.io.BytePipe;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of the resource {@code wasi:http/types.outgoing-body}: what the guest writes into
 * the pipe that somebody else reads. The length is checked if content-length announced one.
 */
final class OutgoingBody implements OpenBodies.Open {
  private final HttpError.Code sizeError;
  private final OptionalLong announced;
  private final BytePipe pipe = new BytePipe();
  private final CompletableFuture<Optional<Fields>> trailers = new CompletableFuture<>();
  private boolean taken;
  private long written;

  /**
   * Makes a body.
   *
   * @param sizeError what a wrong length is called: of the request's or of the response's body
   */
  OutgoingBody(HttpError.Code sizeError, OptionalLong announced) {
    this.sizeError = sizeError;
    this.announced = announced;
  }

  HttpBody body() {
    return new HttpBody(pipe, trailers);
  }

  /** {@code write}: the stream, once. */
  Result write() {
    if (taken) {
      return Result.err(null);
    }
    taken = true;
    return Result.ok(new GuestOutput(new Sink()));
  }

  /** {@code finish}. */
  Result finish(@Nullable HttpFields last) {
    if (announced.isPresent() && hasWrongLength(announced.getAsLong())) {
      HttpError error = sizeError();
      abandon(error, sizeText());
      return Result.err(HttpErrors.toWit(error));
    }
    Optional<Fields> fields = Optional.ofNullable(last).map(HttpFields::send);
    trailers.complete(fields);
    pipe.close();
    return Result.OK;
  }

  /** Not what fell short because nobody read any more. */
  private boolean hasWrongLength(long wanted) {
    return written > wanted || (written < wanted && pipe.abortReason() == null);
  }

  /** The guest dropped it unfinished. */
  void dropped() {
    abandon("the component dropped the body without finishing it");
  }

  @Override
  public boolean done() {
    return trailers.isDone();
  }

  @Override
  public void abandon(String reason) {
    abandon(HttpError.internal(reason), reason);
  }

  /** The trailers fail first: who reads the body looks there for the reason. */
  private void abandon(HttpError error, String reason) {
    if (!trailers.isDone() && trailers.completeExceptionally(new HttpErrorException(error))) {
      pipe.abort(reason);
    }
  }

  private HttpError sizeError() {
    return new HttpError(sizeError, new HttpError.BodySize(Optional.of(written)));
  }

  private String sizeText() {
    return "body: " + written + " bytes (expected: " + announced.orElse(0) + " by content-length)";
  }

  /** The pipe, up to the announced length. */
  private final class Sink implements OutputSink {
    @Override
    public int writable() throws IOException {
      return pipe.writable();
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
      written += length;
      if (announced.isPresent() && written > announced.getAsLong()) {
        abandon(sizeError(), sizeText());
        throw new HttpStreamException(sizeError(), sizeText());
      }
      pipe.tryWrite(data, offset, length);
    }

    @Override
    public void onWritable(Runnable callback) {
      pipe.onWritable(callback);
    }
  }
}

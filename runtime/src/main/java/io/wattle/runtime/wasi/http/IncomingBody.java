package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.Result;
import io.wattle.runtime.wasi.io.GuestInput;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.PipeAbortedException;

/** The host's side of the resource {@code wasi:http/types.incoming-body}. */
final class IncomingBody implements OpenBodies.Open {
  private final HttpBody body;
  private boolean taken;
  private boolean finished;

  IncomingBody(HttpBody body) {
    this.body = body;
  }

  /** {@code stream}: once. */
  Result stream() {
    if (taken) {
      return Result.err(null);
    }
    taken = true;
    return Result.ok(new GuestInput(body.bytes(), this::failure));
  }

  /** Why the body broke off: whoever sends it says so with its trailers, which fail too. */
  private HttpStreamException failure(PipeAbortedException aborted) {
    String reason = String.valueOf(aborted.getMessage());
    HttpError error =
        body.trailers().isCompletedExceptionally()
            ? HttpErrors.of(body.trailers().exceptionNow())
            : HttpError.internal(reason);
    return new HttpStreamException(error, reason);
  }

  /** {@code finish}: what was not read is skipped to come to the trailers. */
  FutureTrailers finish() {
    finished = true;
    skip(body.bytes());
    return new FutureTrailers(body.trailers());
  }

  /** Skips what is there and comes back when there is more; runs on the writer's thread then. */
  private static void skip(BytePipe pipe) {
    byte[] scratch = new byte[Math.max(1, pipe.buffered())];
    try {
      int n;
      do {
        n = pipe.tryRead(scratch, 0, scratch.length);
      } while (n > 0);
      if (n == 0) {
        pipe.onReadable(() -> skip(pipe));
      }
    } catch (PipeAbortedException e) {
      // The trailers fail for the same reason.
    }
  }

  /** The guest dropped it: nobody reads the rest. */
  void dropped() {
    if (!finished) {
      abandon("the component did not read the rest of the body");
    }
  }

  @Override
  public boolean done() {
    return finished;
  }

  @Override
  public void abandon(String reason) {
    if (!finished) {
      finished = true;
      body.bytes().abort(reason);
    }
  }
}

package io.wattle.runtime.wasi.io;

import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.Result;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.PipeAbortedException;
import java.io.IOException;
import java.util.function.Function;

/** The host's side of the resource {@code wasi:io/streams.input-stream}: the end of a pipe. */
public final class GuestInput {
  /** The most one call reads, in bytes; a guest that asks for more calls again. */
  private static final int MOST = 64 * 1024;

  private final BytePipe pipe;
  private final Function<PipeAbortedException, ? extends IOException> failure;
  private final Pollable readable;
  private boolean ended;

  /** Reads from a pipe; its abort is shown to the guest as it is. */
  public GuestInput(BytePipe pipe) {
    this(pipe, Function.identity());
  }

  /** Reads from a pipe whose abort means what {@code failure} makes of it. */
  public GuestInput(BytePipe pipe, Function<PipeAbortedException, ? extends IOException> failure) {
    this.pipe = pipe;
    this.failure = failure;
    this.readable =
        new EventPollable() {
          @Override
          public boolean ready() {
            return pipe.readable();
          }

          @Override
          protected void subscribe(Runnable callback) {
            pipe.onReadable(callback);
          }
        };
  }

  Pollable readable() {
    return readable;
  }

  /** {@code read}: what is there, at most {@code length} bytes (unsigned). */
  Result read(long length) {
    if (ended) {
      return StreamResults.CLOSED;
    }
    try {
      byte[] bytes = new byte[Math.min(most(length), pipe.buffered())];
      int n = pipe.tryRead(bytes, 0, bytes.length);
      if (n < 0) {
        ended = true;
        return StreamResults.CLOSED;
      }
      return n == 0 ? StreamResults.NO_BYTES : Result.ok(bytes);
    } catch (PipeAbortedException e) {
      ended = true;
      return StreamResults.failed(failure.apply(e));
    }
  }

  Result blockingRead(HostCall call, long length) throws InterruptedException {
    Result result = read(length);
    while (StreamResults.isEmpty(result) && length != 0) {
      Waits.of(call).until(readable);
      result = read(length);
    }
    return result;
  }

  static Result counted(Result read) {
    return read.payload() instanceof byte[] bytes ? Result.ok((long) bytes.length) : read;
  }

  private static int most(long length) {
    return Long.compareUnsigned(length, MOST) < 0 ? (int) length : MOST;
  }
}

package io.wattle.runtime.wasi.io;

import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.Result;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.PipeAbortedException;
import java.io.IOException;
import java.util.function.Function;

/** The host's side of the resource {@code wasi:io/streams.input-stream}: bytes of a source. */
public final class GuestInput {
  /** The most one call reads, in bytes; a guest that asks for more calls again. */
  private static final int MOST = 64 * 1024;

  private final InputSource source;
  private final Pollable readable;
  private boolean ended;

  /** Reads from a pipe; its abort is shown to the guest as it is. */
  public GuestInput(BytePipe pipe) {
    this(pipe, Function.identity());
  }

  /** Reads from a pipe whose abort means what {@code failure} makes of it. */
  public GuestInput(BytePipe pipe, Function<PipeAbortedException, ? extends IOException> failure) {
    this(InputSource.of(pipe, failure));
  }

  /** Reads from {@code source}. */
  public GuestInput(InputSource source) {
    this.source = source;
    this.readable =
        new EventPollable() {
          @Override
          public boolean ready() {
            return ended || source.readable();
          }

          @Override
          protected void subscribe(Runnable callback) {
            source.onReadable(callback);
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
      byte[] bytes = source.read(most(length));
      if (bytes == null) {
        ended = true;
        return StreamResults.CLOSED;
      }
      return bytes.length == 0 ? StreamResults.NO_BYTES : Result.ok(bytes);
    } catch (IOException e) {
      ended = true;
      return StreamResults.failed(e);
    }
  }

  /** The guest needs it no more. */
  void drop() {
    source.close();
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

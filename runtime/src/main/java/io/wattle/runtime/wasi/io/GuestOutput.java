package io.wattle.runtime.wasi.io;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.Result;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The host's side of the resource {@code wasi:io/streams.output-stream}. */
public final class GuestOutput {
  /** The most a blocking write takes, in bytes (wasi:io/streams, blocking-write-and-flush). */
  private static final int MOST_BLOCKING = 4096;

  private final OutputSink sink;
  private final Pollable writable;
  private boolean ended;

  /** Writes to {@code sink}. */
  public GuestOutput(OutputSink sink) {
    this.sink = sink;
    this.writable =
        new EventPollable() {
          @Override
          public boolean ready() {
            try {
              return ended || sink.writable() > 0;
            } catch (IOException e) {
              return true;
            }
          }

          @Override
          protected void subscribe(Runnable callback) {
            sink.onWritable(callback);
          }
        };
  }

  Pollable writable() {
    return writable;
  }

  /** The guest needs it no more. */
  void drop() {
    sink.close();
  }

  Result checkWrite() {
    if (ended) {
      return StreamResults.CLOSED;
    }
    try {
      int fits = sink.writable();
      return fits == 0 ? StreamResults.NONE : Result.ok((long) fits);
    } catch (IOException e) {
      return failed(e);
    }
  }

  /** {@code write}: more than {@code check-write} permitted is a trap. */
  Result write(byte[] contents) {
    if (ended) {
      return StreamResults.CLOSED;
    }
    try {
      int fits = sink.writable();
      if (contents.length > fits) {
        throw new TrapException(
            TrapException.Kind.TRAP,
            "output-stream.write: "
                + contents.length
                + " bytes (expected: at most "
                + fits
                + ", what check-write permits)");
      }
      sink.write(contents, 0, contents.length);
      return Result.OK;
    } catch (IOException e) {
      return failed(e);
    }
  }

  Result writeZeroes(long length) {
    if (Long.compareUnsigned(length, OutputSink.UNLIMITED) > 0) {
      throw new TrapException(
          TrapException.Kind.TRAP,
          "output-stream.write-zeroes: "
              + Long.toUnsignedString(length)
              + " bytes (expected: at most what check-write permits)");
    }
    return write(new byte[(int) length]);
  }

  Result blockingWriteAndFlush(HostCall call, byte[] contents) throws InterruptedException {
    if (contents.length > MOST_BLOCKING) {
      throw tooLong("blocking-write-and-flush", contents.length);
    }
    int done = 0;
    try {
      while (!ended && done < contents.length) {
        int n = Math.min(sink.writable(), contents.length - done);
        if (n == 0) {
          Waits.of(call).until(writable);
        } else {
          sink.write(contents, done, n);
          done += n;
        }
      }
    } catch (IOException e) {
      return failed(e);
    }
    return blockingFlush(call);
  }

  Result blockingWriteZeroesAndFlush(HostCall call, long length) throws InterruptedException {
    if (Long.compareUnsigned(length, MOST_BLOCKING) > 0) {
      throw tooLong("blocking-write-zeroes-and-flush", length);
    }
    return blockingWriteAndFlush(call, new byte[(int) length]);
  }

  Result flush() {
    if (ended) {
      return StreamResults.CLOSED;
    }
    try {
      sink.flush();
      return Result.OK;
    } catch (IOException e) {
      return failed(e);
    }
  }

  Result blockingFlush(HostCall call) throws InterruptedException {
    Result flushed = flush();
    try {
      while (flushed.isOk() && !sink.flushed()) {
        Waits.of(call).until(writable);
      }
    } catch (IOException e) {
      return failed(e);
    }
    return flushed;
  }

  Result splice(GuestInput source, long length) {
    Result room = checkWrite();
    if (!(room.payload() instanceof Long fits)) {
      return room;
    }
    Result read = source.read(Long.compareUnsigned(length, fits) < 0 ? length : fits);
    if (!(read.payload() instanceof byte[] bytes)) {
      return read;
    }
    Result written = write(bytes);
    return written.isOk() ? Result.ok((long) bytes.length) : written;
  }

  Result blockingSplice(HostCall call, GuestInput source, long length) throws InterruptedException {
    Waits waits = Waits.of(call);
    waits.until(writable);
    waits.until(source.readable());
    return splice(source, length);
  }

  private Result failed(IOException cause) {
    ended = true;
    return StreamResults.failed(cause);
  }

  private static TrapException tooLong(String function, @Nullable Object length) {
    return new TrapException(
        TrapException.Kind.TRAP,
        "output-stream."
            + function
            + ": "
            + length
            + " bytes (expected: at most "
            + MOST_BLOCKING
            + ")");
  }
}

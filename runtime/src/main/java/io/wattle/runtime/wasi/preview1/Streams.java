package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.wasi.io.EventPollable;
import io.wattle.runtime.wasi.io.InputSource;
import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.runtime.wasi.io.Pollable;
import io.wattle.runtime.wasi.io.Waits;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads and writes of what has no offsets, waiting for it unless told not to. */
final class Streams {
  private Streams() {}

  static byte[] read(
      Instance me, InputSource source, int most, @Nullable Long offset, boolean nonBlocking)
      throws ErrnoException, IOException, InterruptedException {
    check(offset);
    if (nonBlocking && !source.readable()) {
      throw new ErrnoException(Errno.AGAIN);
    }
    Waits.of(me).until(readable(source));
    byte[] bytes = source.read(most);
    return bytes == null ? new byte[0] : bytes;
  }

  /** How many bytes were taken. */
  static int write(
      Instance me, OutputSink sink, byte[] bytes, @Nullable Long offset, boolean nonBlocking)
      throws ErrnoException, IOException, InterruptedException {
    check(offset);
    if (nonBlocking && sink.writable() == 0) {
      throw new ErrnoException(Errno.AGAIN);
    }
    Waits.of(me).until(writable(sink));
    int length = Math.min(bytes.length, sink.writable());
    sink.write(bytes, 0, length);
    sink.flush();
    return length;
  }

  private static void check(@Nullable Long offset) throws ErrnoException {
    if (offset != null) {
      throw new ErrnoException(Errno.SPIPE);
    }
  }

  static Pollable readable(InputSource source) {
    return new EventPollable() {
      @Override
      public boolean ready() {
        return source.readable();
      }

      @Override
      protected void subscribe(Runnable callback) {
        source.onReadable(callback);
      }
    };
  }

  static Pollable writable(OutputSink sink) {
    return new EventPollable() {
      @Override
      public boolean ready() {
        try {
          return sink.writable() > 0;
        } catch (IOException e) {
          return true; // the guest learns it when it writes
        }
      }

      @Override
      protected void subscribe(Runnable callback) {
        sink.onWritable(callback);
      }
    };
  }
}

package io.wattle.runtime.wasi.io;

import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.PipeAbortedException;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the bytes of a guest's input stream come from. */
public interface InputSource {
  /**
   * What is there now, at most {@code most} bytes; none when nothing is there yet, null at the end.
   */
  byte @Nullable [] read(int most) throws IOException;

  /** Whether a read would not be for nothing: data, end or failure. */
  boolean readable();

  /** Runs {@code callback} once, as soon as it is readable; at once if it is. */
  void onReadable(Runnable callback);

  /** The guest needs it no more. */
  default void close() {}

  /** The end of a pipe, whose abort means what {@code failure} makes of it. */
  static InputSource of(
      BytePipe pipe, Function<PipeAbortedException, ? extends IOException> failure) {
    return new InputSource() {
      @Override
      public byte @Nullable [] read(int most) throws IOException {
        try {
          byte[] bytes = new byte[Math.min(most, pipe.buffered())];
          int n = pipe.tryRead(bytes, 0, bytes.length);
          return n < 0 ? null : n == bytes.length ? bytes : Arrays.copyOf(bytes, n);
        } catch (PipeAbortedException e) {
          throw failure.apply(e);
        }
      }

      @Override
      public boolean readable() {
        return pipe.readable();
      }

      @Override
      public void onReadable(Runnable callback) {
        pipe.onReadable(callback);
      }
    };
  }
}

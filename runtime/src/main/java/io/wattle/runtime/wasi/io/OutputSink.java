package io.wattle.runtime.wasi.io;

import io.wattle.wit.io.BytePipe;
import java.io.IOException;
import java.io.OutputStream;

/** Where the bytes of a guest's output stream go. */
public interface OutputSink {
  /** What a guest may write at once to a sink without limit, in bytes. */
  int UNLIMITED = 64 * 1024;

  /** Takes everything, keeps nothing. */
  OutputSink DISCARD =
      new OutputSink() {
        @Override
        public int writable() {
          return UNLIMITED;
        }

        @Override
        public void write(byte[] data, int offset, int length) {}
      };

  /** Bytes that fit now, 0 when the reader has to catch up first. */
  int writable() throws IOException;

  /** Takes all these bytes, at most as many as {@link #writable} answered. */
  void write(byte[] data, int offset, int length) throws IOException;

  /** Passes on what is buffered. */
  default void flush() throws IOException {}

  /** Whether all that was flushed has been passed on; becomes true when it is writable again. */
  default boolean flushed() throws IOException {
    return true;
  }

  /** Runs {@code callback} once, as soon as something fits or the sink has failed. */
  default void onWritable(Runnable callback) {
    callback.run();
  }

  /** The guest needs it no more. */
  default void close() {}

  /** Into a pipe, at the pace of its reader. */
  static OutputSink to(BytePipe pipe) {
    return new OutputSink() {
      @Override
      public int writable() throws IOException {
        return pipe.writable();
      }

      @Override
      public void write(byte[] data, int offset, int length) throws IOException {
        int taken = pipe.tryWrite(data, offset, length);
        if (taken < length) {
          throw new IOException("a pipe took " + taken + " of " + length + " bytes");
        }
      }

      @Override
      public void onWritable(Runnable callback) {
        pipe.onWritable(callback);
      }
    };
  }

  /** Into a Java stream, like standard output. Writes happen on the guest's thread. */
  static OutputSink to(OutputStream stream) {
    return new OutputSink() {
      @Override
      public int writable() {
        return UNLIMITED;
      }

      @Override
      public void write(byte[] data, int offset, int length) throws IOException {
        stream.write(data, offset, length);
      }

      @Override
      public void flush() throws IOException {
        stream.flush();
      }
    };
  }
}

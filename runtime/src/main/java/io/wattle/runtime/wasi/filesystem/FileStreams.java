package io.wattle.runtime.wasi.filesystem;

import io.wattle.runtime.wasi.io.InputSource;
import io.wattle.runtime.wasi.io.OutputSink;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file as streams. They read and write on the guest's thread and are always ready. */
final class FileStreams {
  private FileStreams() {}

  static InputSource reading(OpenFile file, long start) {
    return new InputSource() {
      private long offset = start;

      @Override
      public byte @Nullable [] read(int most) throws IOException {
        byte[] bytes = Native.read(file.fd(), most, offset);
        offset += bytes.length;
        return bytes.length == 0 && most > 0 ? null : bytes;
      }

      @Override
      public boolean readable() {
        return true;
      }

      @Override
      public void onReadable(Runnable callback) {
        callback.run();
      }

      @Override
      public void close() {
        file.release();
      }
    };
  }

  /** From an offset on. */
  static OutputSink writing(OpenFile file, long start) {
    return new FileSink(file) {
      private long offset = start;

      @Override
      int writeSome(int fd, byte[] data, int from, int length) throws FileException {
        int written = Native.write(fd, data, from, length, offset);
        offset += written;
        return written;
      }
    };
  }

  /** At the end, wherever that is by then. */
  static OutputSink appending(OpenFile file) {
    return new FileSink(file) {
      @Override
      int writeSome(int fd, byte[] data, int from, int length) throws FileException {
        return Native.append(fd, data, from, length);
      }
    };
  }

  private abstract static class FileSink implements OutputSink {
    private final OpenFile file;

    FileSink(OpenFile file) {
      this.file = file;
    }

    abstract int writeSome(int fd, byte[] data, int from, int length) throws FileException;

    @Override
    public int writable() {
      return UNLIMITED;
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        int written = writeSome(file.fd(), data, offset + done, length - done);
        if (written == 0) {
          throw new FileException(ErrorCode.IO);
        }
        done += written;
      }
    }

    @Override
    public void close() {
      file.release();
    }
  }
}

package io.wattle.cli.component;

import io.wattle.cli.base.ProcessStreams;
import io.wattle.runtime.wasi.Terminals;
import io.wattle.runtime.wasi.io.OutputSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The streams of this process, for a component. */
final class StandardStreams {
  /** Where Linux says what the open files of this process are. */
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  /** So many bytes may be written before it is looked whether somebody takes them. */
  private static final int UNCHECKED = 8192;

  private StandardStreams() {}

  /** Which of them are terminals. */
  static Terminals terminals() {
    return terminals(OPEN_FILES);
  }

  static Terminals terminals(Path openFiles) {
    return new Terminals(
        isTerminal(openFiles, 0), isTerminal(openFiles, 1), isTerminal(openFiles, 2));
  }

  private static boolean isTerminal(Path openFiles, int number) {
    try {
      String file = Files.readSymbolicLink(openFiles.resolve(Integer.toString(number))).toString();
      return file.startsWith("/dev/pts/")
          || file.startsWith("/dev/tty")
          || file.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false; // it is closed, or this is another system
    }
  }

  /**
   * Writes there. A {@link PrintStream} keeps its failures to itself; the component is told, so
   * that it ends when the reader of a pipe has gone.
   */
  static OutputSink to(PrintStream stream) {
    OutputStream behind = ProcessStreams.behind(stream);
    return behind == null ? checked(stream) : OutputSink.to(behind);
  }

  private static OutputSink checked(PrintStream stream) {
    return new OutputSink() {
      private int unchecked;

      @Override
      public int writable() {
        return UNLIMITED;
      }

      @Override
      public synchronized void write(byte[] data, int offset, int length) throws IOException {
        stream.write(data, offset, length);
        unchecked += length;
        if (unchecked >= UNCHECKED) {
          flush();
        }
      }

      @Override
      public synchronized void flush() throws IOException {
        unchecked = 0;
        if (stream.checkError()) {
          throw new IOException("what it is written to takes no more: its reader has gone");
        }
      }
    };
  }
}

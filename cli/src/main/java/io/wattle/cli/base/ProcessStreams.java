package io.wattle.cli.base;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * The standard streams of this process, behind Java's. Those are locked while a write waits for its
 * reader, and the process could not end before it reads on.
 */
public final class ProcessStreams {
  private static volatile @Nullable PrintStream out;
  private static volatile @Nullable PrintStream err;

  private ProcessStreams() {}

  /** Says that {@code System.out} and {@code System.err} are those that the process began with. */
  public static void begin() {
    out = System.out;
    err = System.err;
  }

  /** What is behind one of them; null for any other stream, which somebody has put there. */
  public static @Nullable OutputStream behind(PrintStream stream) {
    if (stream == out) {
      return new FileOutputStream(FileDescriptor.out);
    }
    return stream == err ? new FileOutputStream(FileDescriptor.err) : null;
  }
}

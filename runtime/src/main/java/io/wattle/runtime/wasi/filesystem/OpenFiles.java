package io.wattle.runtime.wasi.filesystem;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostCall;
import java.util.HashSet;
import java.util.Set;

/** What one instance has open; closed with it, whatever the guest has left open. */
public final class OpenFiles implements AutoCloseable {
  /** How much one instance may have open at a time. */
  public static final int MOST = 1024;

  private final Set<OpenFile> files = new HashSet<>();

  private OpenFiles() {}

  /** Those of the instance that makes this call. */
  public static OpenFiles of(HostCall call) {
    return call.state(OpenFiles.class, OpenFiles::new);
  }

  /** Opens one more. */
  synchronized OpenFile open(Opening opening) throws FileException {
    if (files.size() >= MOST) {
      throw new TrapException(
          TrapException.Kind.LIMIT,
          "open files: " + (files.size() + 1) + " (expected: at most " + MOST + ")");
    }
    OpenFile file = new OpenFile(this, opening.open());
    files.add(file);
    return file;
  }

  /** Answers the system's number of an open file. */
  @FunctionalInterface
  interface Opening {
    int open() throws FileException;
  }

  synchronized void closed(OpenFile file) {
    files.remove(file);
  }

  @Override
  public synchronized void close() {
    Set.copyOf(files).forEach(OpenFile::closeNow);
  }
}

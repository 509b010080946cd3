package io.wattle.runtime.wasi.filesystem;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** The host's side of {@code directory-entry-stream}. */
public final class Directory {
  private final OpenFile file;
  private final ArrayDeque<Native.Entry> read = new ArrayDeque<>();

  Directory(OpenFile file) {
    this.file = file;
  }

  /**
   * An entry.
   *
   * @param inode the file's number on its device
   */
  public record Entry(String name, FileType type, long inode) {}

  /**
   * The next entry, or none at the end. A name that is not UTF-8 is ILLEGAL_BYTE_SEQUENCE; the call
   * after goes on behind it.
   */
  public Optional<Entry> next() throws FileException {
    while (read.isEmpty()) {
      List<Native.Entry> more = Native.entries(file.fd());
      if (more == null) {
        return Optional.empty();
      }
      read.addAll(more);
    }
    Native.Entry entry = read.remove();
    return Optional.of(new Entry(entry.name(), entry.type(), entry.inode()));
  }

  /** The guest needs it no more. */
  public void drop() {
    file.release();
  }
}

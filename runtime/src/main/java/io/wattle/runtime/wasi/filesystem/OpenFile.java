package io.wattle.runtime.wasi.filesystem;

/** An open file: open as long as a descriptor or a stream uses it. */
final class OpenFile {
  private final OpenFiles owner;
  private final int fd;
  private int users = 1;

  OpenFile(OpenFiles owner, int fd) {
    this.owner = owner;
    this.fd = fd;
  }

  /** The system's number of it. */
  synchronized int fd() throws FileException {
    if (users == 0) {
      throw new FileException(ErrorCode.BAD_DESCRIPTOR);
    }
    return fd;
  }

  /** One more uses it. */
  synchronized OpenFile share() throws FileException {
    var _ = fd();
    users++;
    return this;
  }

  /** One less; the last one closes it. */
  void release() {
    boolean last;
    synchronized (this) {
      last = users == 1;
      if (users > 1) {
        users--;
      }
    }
    if (last) {
      closeNow();
    }
  }

  void closeNow() {
    synchronized (this) {
      if (users == 0) {
        return;
      }
      users = 0;
    }
    Native.close(fd);
    owner.closed(this);
  }
}

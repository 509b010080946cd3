package io.wattle.runtime.wasi.preview1;

/** A function of preview 1 fails with a number. */
final class ErrnoException extends Exception {
  private static final long serialVersionUID = 1L;
  private final int errno;

  ErrnoException(int errno) {
    super("errno " + errno, null, false, false);
    this.errno = errno;
  }

  int errno() {
    return errno;
  }
}

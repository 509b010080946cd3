package io.wattle.runtime.wasi.filesystem;

import java.io.IOException;
import java.util.Locale;

/** An operation on a file failed, with the code that the guest gets. */
public final class FileException extends IOException {
  private static final long serialVersionUID = 1L;
  private final ErrorCode code;

  /** A failure of this kind. */
  public FileException(ErrorCode code) {
    super(code.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    this.code = code;
  }

  /** What the guest gets. */
  public ErrorCode code() {
    return code;
  }
}

package io.wattle.runtime.engine;

/** A core module is malformed or invalid; the message says where and which rule. */
public final class InvalidModuleException extends Exception {
  private static final long serialVersionUID = 1L;
  private final boolean malformed;

  public InvalidModuleException(String message) {
    super(Printable.line(message));
    this.malformed = false;
  }

  public InvalidModuleException(String message, Throwable cause) {
    this(message, cause, false);
  }

  public InvalidModuleException(String message, Throwable cause, boolean malformed) {
    super(Printable.line(message), cause);
    this.malformed = malformed;
  }

  /** Whether the bytes do not even follow the binary format. */
  public boolean malformed() {
    return malformed;
  }
}

package io.wattle.runtime.engine;

/** A core module is malformed or invalid; the message says where and which rule. */
public final class InvalidModuleException extends Exception {
  private static final long serialVersionUID = 1L;

  public InvalidModuleException(String message) {
    super(message);
  }

  public InvalidModuleException(String message, Throwable cause) {
    super(message, cause);
  }
}

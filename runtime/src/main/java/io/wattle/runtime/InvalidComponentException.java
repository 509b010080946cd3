package io.wattle.runtime;

import io.wattle.runtime.engine.Printable;

/**
 * A binary is no component that can run here: malformed, invalid, a core module, or in need of
 * something that is not supported. The message says where and which rule.
 */
public final class InvalidComponentException extends Exception {
  private static final long serialVersionUID = 1L;
  private final Reason reason;

  public InvalidComponentException(Reason reason, String message) {
    super(Printable.line(message));
    this.reason = reason;
  }

  public InvalidComponentException(Reason reason, String message, Throwable cause) {
    super(Printable.line(message), cause);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** Why a binary was refused. */
  public enum Reason {
    /** The bytes do not follow the binary format. */
    MALFORMED,
    /** They do, but break a rule of validation. */
    INVALID,
    /** A core module, not a component. */
    CORE_MODULE,
    /** Valid, but it needs a feature that is not supported (WASI 0.3, async, values). */
    UNSUPPORTED
  }
}

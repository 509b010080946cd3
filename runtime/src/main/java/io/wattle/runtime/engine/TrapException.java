package io.wattle.runtime.engine;

/**
 * A guest's invocation ended without a result. The message is for users: what happened, and in
 * which function if known.
 */
public final class TrapException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Kind kind;

  public TrapException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public TrapException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Why. */
  public Kind kind() {
    return kind;
  }

  /** Why an invocation ended. */
  public enum Kind {
    /** The guest executed an instruction that traps, or broke a rule of the canonical ABI. */
    TRAP,
    /** A limit: stack, memory, table. */
    LIMIT,
    /** The host had no memory left in its budget. */
    BUSY,
    /** The deadline passed. */
    DEADLINE,
    /** Whoever waited gave up, or the component was stopped. */
    CANCELLED,
    /** The guest called exit; not an error if the code is 0. */
    EXIT,
    /** An import failed that had no way to say so in its type: no link, target lost, revoked. */
    IMPORT_FAILED
  }
}

package io.wattle.lattice.call;

/**
 * A call that got no answer. The message says what was called, what went wrong and what to do about
 * it.
 */
public final class CallException extends Exception {
  private static final long serialVersionUID = 1L;
  private final Kind kind;

  public CallException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public CallException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Why. */
  public Kind kind() {
    return kind;
  }

  /** Why a call failed; an HTTP edge answers with {@link #httpStatus()}. */
  public enum Kind {
    /** No link, or nobody serves the function. */
    NOT_FOUND(502),
    /** No room within the bounded wait. */
    BUSY(503),
    /** The deadline passed. */
    TIMEOUT(504),
    /** The callee was stopped or lost in mid-call. */
    LOST(503),
    /** The callee trapped or hit a limit. */
    TRAPPED(500),
    /** What was sent or answered does not fit the types. */
    MALFORMED(500),
    /** Anything else on the callee's side. */
    FAILED(500);

    private final int httpStatus;

    Kind(int httpStatus) {
      this.httpStatus = httpStatus;
    }

    /** The status an HTTP edge answers with. */
    public int httpStatus() {
      return httpStatus;
    }
  }
}

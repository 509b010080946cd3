package io.wattle.lattice;

/** The lattice could not be asked, or answered with nonsense. The message says what to do. */
public final class LatticeException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Kind kind;

  public LatticeException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public LatticeException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Why. */
  public Kind kind() {
    return kind;
  }

  /** What kind of failure. */
  public enum Kind {
    /** No NATS server at the address, or the connection is lost. */
    UNREACHABLE,
    /** The server refused the credentials, or a subject. */
    NOT_ALLOWED,
    /** JetStream is off or answers with an error. */
    NO_JETSTREAM,
    /** Nobody listens on the subject. */
    NO_RESPONDERS,
    /** Somebody may listen but did not answer in time. */
    TIMEOUT,
    /** The answer says {@code success: false}; the message is the peer's. */
    REFUSED,
    /** The answer cannot be read. */
    MALFORMED,
    /** Somebody else wrote first, again and again. */
    CONFLICT
  }
}

package io.wattle.runtime.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A guest's invocation ended without a result. The message is for users: what happened, and in
 * which function if known.
 */
public final class TrapException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Kind kind;

  @SuppressWarnings("serial") // of records
  private final List<GuestFrame> frames;

  public TrapException(Kind kind, String message) {
    this(kind, message, null, List.of());
  }

  public TrapException(Kind kind, String message, Throwable cause) {
    this(kind, message, cause, List.of());
  }

  private TrapException(
      Kind kind, @Nullable String message, @Nullable Throwable cause, List<GuestFrame> frames) {
    super(message == null ? null : Printable.lines(message), cause);
    this.kind = kind;
    this.frames = frames;
  }

  /**
   * The same, and where it happened. The message then names the innermost function and, where that
   * is the language's library giving up, the one that made it.
   *
   * @param at innermost first, at least one
   */
  public TrapException at(List<GuestFrame> at) {
    GuestFrame innermost = at.getFirst();
    String where =
        at.stream()
            .filter(frame -> !frame.ofLibrary())
            .findFirst()
            .filter(frame -> innermost.ofLibrary())
            .map(frame -> ", called from " + frame)
            .orElse("");
    Throwable cause = getCause() == null ? this : getCause();
    return new TrapException(
        kind, getMessage() + ", in " + innermost + where, cause, List.copyOf(at));
  }

  /** The guest's calls, innermost first; empty when it is not known or does not matter. */
  public List<GuestFrame> frames() {
    return frames;
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

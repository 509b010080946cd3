package io.wattle.lattice.control;

/**
 * A positive answer.
 *
 * @param message for the caller, may be empty
 * @param then runs after the answer was sent, on a thread of its own
 */
public record Ack(String message, Runnable then) {
  /** An answer, and nothing afterwards. */
  public static Ack of(String message) {
    return new Ack(message, () -> {});
  }
}

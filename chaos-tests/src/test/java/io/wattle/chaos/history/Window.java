package io.wattle.chaos.history;

import java.time.Duration;

/**
 * A time in which requests may fail: from a fault until all was well again.
 *
 * @param from {@link System#nanoTime}
 * @param until {@link System#nanoTime}
 */
public record Window(String fault, long from, long until) {
  public Window {
    if (until < from) {
      throw new IllegalArgumentException(fault + ": ends before it begins");
    }
  }

  /** From then until now. */
  public static Window since(String fault, long from) {
    return new Window(fault, from, System.nanoTime());
  }

  /** Whether the request was under way within it. */
  public boolean touches(Operation operation) {
    return touches(operation.invoked(), operation.completed());
  }

  /** Whether it has a moment in common with these two and what is between them. */
  public boolean touches(long begun, long ended) {
    return begun <= until && ended >= from;
  }

  /** How long it was. */
  public Duration length() {
    return Duration.ofNanos(until - from);
  }
}

package io.wattle.runtime.engine.endive;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How much something is used: often, or for long, within a while. Time counts from the beginning of
 * a use to its end, waiting included: a look at a thread's processor time would cost more than a
 * small guest takes for its answer. Thread-safe.
 */
final class Heat {
  private static final long WHILE = Duration.ofSeconds(10).toNanos();
  private static final long LONG = Duration.ofSeconds(1).toNanos();
  private final int enough;
  private final LongSupplier clock;
  private long since;
  private int uses;
  private long time;

  /**
   * @param enough uses within ten seconds are many; so is a second's time
   * @param clock in nanoseconds from anywhere
   */
  Heat(int enough, LongSupplier clock) {
    this.enough = enough;
    this.clock = clock;
    this.since = clock.getAsLong();
  }

  /**
   * Counts a use.
   *
   * @return when it began, for {@link #ended}
   */
  long used() {
    long now = clock.getAsLong();
    add(1, 0, now);
    return now;
  }

  /** Counts the time that a use took. */
  void ended(long began) {
    long now = clock.getAsLong();
    add(0, now - began, now);
  }

  private synchronized void add(int more, long nanos, long now) {
    if (now - since > WHILE) {
      since = now;
      uses = 0;
      time = 0;
    }
    uses += more;
    time += nanos;
  }

  synchronized boolean isHot() {
    return uses >= enough || time >= LONG;
  }
}

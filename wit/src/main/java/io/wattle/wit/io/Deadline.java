package io.wattle.wit.io;

import java.time.Duration;

/**
 * A moment after which waiting is pointless. It travels between processes as milliseconds left,
 * never as a time of day.
 *
 * @param ticker the clock it is measured by
 * @param atNanos the moment, on that clock
 */
public record Deadline(Ticker ticker, long atNanos) {

  /** Nanoseconds in 64 bits go no further than 292 years: who waits longer waits so long. */
  private static final Duration MOST = Duration.ofDays(365 * 100);

  /** The deadline {@code left} from now on the system's clock; a hundred years at most. */
  public static Deadline in(Duration left) {
    return in(left, Ticker.SYSTEM);
  }

  /** The deadline {@code left} from now on the given clock. */
  public static Deadline in(Duration left, Ticker ticker) {
    return new Deadline(ticker, ticker.nanos() + nanos(left));
  }

  private static long nanos(Duration left) {
    return left.compareTo(MOST) > 0 ? MOST.toNanos() : left.isNegative() ? -1 : left.toNanos();
  }

  /** Nanoseconds left, zero or negative when it has passed. */
  public long nanosLeft() {
    return atNanos - ticker.nanos();
  }

  /** Time left, never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanosLeft()));
  }

  /** Whether it has passed. */
  public boolean passed() {
    return nanosLeft() <= 0;
  }

  /** The earlier of this one and {@code left} from now. */
  public Deadline atMost(Duration left) {
    return nanosLeft() <= nanos(left) ? this : in(left, ticker);
  }
}

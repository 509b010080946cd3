package io.wattle.providers.httpclient;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Notices that nothing moved for so long. One timer that is set anew when it rings too early, so
 * that {@link #moved} costs nothing. On one event loop.
 */
final class Stall {
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final long NONE = -1;

  private final Vertx vertx;
  private final long limitNanos;
  private final Runnable action;
  private long timer = NONE;
  private long lastNanos;

  Stall(Vertx vertx, Duration limit, Runnable action) {
    this.vertx = vertx;
    this.limitNanos = bounded(limit).toNanos();
    this.action = action;
  }

  /** What fits into the arithmetic of clocks and is longer than anything runs. */
  static Duration bounded(Duration time) {
    return time.compareTo(LONGEST) > 0 ? LONGEST : time;
  }

  /** Whole milliseconds, at least one, rounded up. */
  static long millis(Duration time) {
    return Math.max(1, (bounded(time).toNanos() + 999_999) / 1_000_000);
  }

  void start() {
    moved();
    if (timer == NONE) {
      arm(limitNanos);
    }
  }

  void moved() {
    lastNanos = System.nanoTime();
  }

  void stop() {
    if (timer != NONE) {
      vertx.cancelTimer(timer);
      timer = NONE;
    }
  }

  private void arm(long nanos) {
    timer = vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1), this::ring);
  }

  private void ring(long id) {
    timer = NONE;
    long left = limitNanos - (System.nanoTime() - lastNanos);
    if (left <= 0) {
      action.run();
    } else {
      arm(left);
    }
  }
}

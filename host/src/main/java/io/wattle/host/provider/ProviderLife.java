package io.wattle.host.provider;

import io.wattle.wit.io.Ticker;
import java.time.Duration;

/**
 * Where a provider is in its life, how often it was started again, and how long it rests after the
 * next crash: each time twice as long, up to a minute, and from the shortest pause on again once it
 * has run for a minute.
 */
final class ProviderLife {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final Duration STEADY = Duration.ofMinutes(1);

  private final Ticker ticker;
  private final Duration firstPause;
  private ProviderState state = ProviderState.STARTING;
  private Duration pause;
  private long startedNanos;
  private int restarts;

  ProviderLife(Ticker ticker, Duration firstPause) {
    this.ticker = ticker;
    this.firstPause = firstPause;
    this.pause = firstPause;
    this.startedNanos = ticker.nanos();
  }

  synchronized boolean is(ProviderState asked) {
    return state == asked;
  }

  /** Whether it has been told to end, or has ended. */
  synchronized boolean isOver() {
    return state == ProviderState.STOPPING || state == ProviderState.STOPPED;
  }

  /** How often it was started again. */
  synchronized int restarts() {
    return restarts;
  }

  /** Goes on to another state; false when it cannot be reached from here, and nothing changes. */
  synchronized boolean become(ProviderState next) {
    if (!state.next().contains(next)) {
      return false;
    }
    switch (next) {
      case STARTING -> {
        restarts++;
        startedNanos = ticker.nanos();
      }
      case RUNNING, DOWN, STOPPING, STOPPED -> {}
    }
    state = next;
    return true;
  }

  /** How long to wait after the crash that there was just now. */
  synchronized Duration nextPause() {
    if (ticker.nanos() - startedNanos >= STEADY.toNanos()) {
      pause = firstPause;
    }
    Duration now = pause;
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    return now;
  }
}

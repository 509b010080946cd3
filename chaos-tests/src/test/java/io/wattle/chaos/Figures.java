package io.wattle.chaos;

import java.time.Duration;

/**
 * The times that the product promises, and what a scenario allows for them. In {@code verify} that
 * is {@value #LENIENCY} times as much, because the machine has others to serve; with {@code
 * -Plong-chaos}, on a machine for itself, it is the promise.
 */
final class Figures {
  /** Repaired after {@code kill -9} of a host. */
  static final Duration KILLED = Duration.ofSeconds(3);

  /** Repaired after a host stands still or is cut off. */
  static final Duration SILENT = Duration.ofSeconds(10);

  /** Whether the promises themselves are measured. */
  static final boolean LONG = Boolean.getBoolean("wattle.chaos.long");

  private static final int LENIENCY = 20;

  private Figures() {}

  /** What is allowed for a promised time. */
  static Duration allowed(Duration promised) {
    return LONG ? promised : promised.multipliedBy(LENIENCY);
  }

  /** How often something is done: a few times in {@code verify}, often in the long profile. */
  static int times(int inVerify, int inLong) {
    return LONG ? inLong : inVerify;
  }

  /**
   * How often a fault is tried: once in {@code verify}; in the long profile as often as the
   * property {@code wattle.chaos.rounds} says, else ten times.
   */
  static int rounds() {
    return LONG ? Integer.getInteger("wattle.chaos.rounds", 10) : 1;
  }
}

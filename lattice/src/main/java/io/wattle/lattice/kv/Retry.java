package io.wattle.lattice.kv;

import io.wattle.lattice.LatticeException;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Pauses between attempts to write what others write too: random, longer each time, to an end. */
final class Retry {
  private static final Duration AT_MOST = Duration.ofSeconds(10);
  private static final long LONGEST_MILLIS = 64;

  private final String what;
  private final Deadline deadline = Deadline.in(AT_MOST);
  private int attempts;

  Retry(String what) {
    this.what = what;
  }

  void pause() throws InterruptedException {
    attempts++;
    if (deadline.passed()) {
      throw new LatticeException(
          LatticeException.Kind.CONFLICT,
          what
              + ": others wrote first, "
              + attempts
              + " times within "
              + AT_MOST.toSeconds()
              + " s");
    }
    long bound = Math.min(LONGEST_MILLIS, 1L << Math.min(attempts, 6));
    TimeUnit.MICROSECONDS.sleep(ThreadLocalRandom.current().nextLong(bound * 1000));
  }
}

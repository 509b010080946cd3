package io.wattle.chaos.history;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Times in which this machine stood still, such as a virtual one that was paused or had no
 * processor: a thread that wants to run again and again was not let. What fails then, and soon
 * afterwards, fails for that: leases have ended, and leaders have changed.
 */
public final class Stalls {
  private static final Duration EVERY = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(1);
  private static final Duration AFTERWARDS = Duration.ofSeconds(20);

  private static final List<Window> SEEN = new CopyOnWriteArrayList<>();
  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  private Stalls() {}

  /** Looks from now on. */
  public static void watch() {
    if (BEGUN.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("stalls").start(Stalls::look);
    }
  }

  /** Those that were seen; each lasts a while longer than the machine stood still. */
  public static List<Window> windows() {
    return List.copyOf(SEEN);
  }

  private static void look() {
    long last = System.nanoTime();
    while (true) {
      LockSupport.parkNanos(EVERY.toNanos());
      long now = System.nanoTime();
      if (now - last > LONG.toNanos()) {
        SEEN.add(new Window("the machine stood still", last, now + AFTERWARDS.toNanos()));
        System.out.printf("the machine stood still for %d ms%n", (now - last) / 1_000_000);
      }
      last = now;
    }
  }
}

package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Has Java collect its heap for guests that have used up their limit with objects of which many may
 * be garbage. All guests together get a tenth of the time for that: who asks earlier waits, and one
 * collection is for all who asked before it began.
 */
final class HostCollector {
  /** Java's own, for all engines of the process. */
  static final HostCollector OF_PROCESS = new HostCollector(System::gc, System::nanoTime);

  /** How many times as long as a collection took there is none. */
  private static final int REST = 9;

  /** Whoever waits looks that often whether its guest was stopped, beside being interrupted. */
  private static final long LOOK = Duration.ofMillis(100).toNanos();

  private final Runnable collection;
  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rested = lock.newCondition();
  private boolean any;
  private long begun;
  private long next;

  /**
   * @param clock in nanoseconds
   */
  HostCollector(Runnable collection, LongSupplier clock) {
    this.collection = collection;
    this.clock = clock;
  }

  /** Returns after a collection that began after the call; a stop of the guest ends the wait. */
  void collect(StopSignal signal) {
    long asked = clock.getAsLong();
    try {
      lock.lockInterruptibly();
      try {
        while (!collected(asked)) {
          signal.check();
          long left = Math.clamp(next - clock.getAsLong(), 1, LOOK);
          var _ = rested.awaitNanos(left);
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      signal.check();
      Thread.currentThread().interrupt();
      throw new TrapException(Kind.CANCELLED, "interrupted", e);
    }
    signal.check();
  }

  /** Whether there was one since; it collects if it is time. */
  boolean collected(long asked) {
    lock.lock();
    try {
      if (any && begun - asked >= 0) {
        return true;
      }
      long now = clock.getAsLong();
      if (any && now - next < 0) {
        return false;
      }
      any = true;
      begun = now;
      collection.run();
      long ended = clock.getAsLong();
      next = ended + REST * (ended - begun);
      rested.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }
}

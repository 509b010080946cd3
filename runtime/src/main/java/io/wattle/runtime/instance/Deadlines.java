package io.wattle.runtime.instance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One timer thread that owns all deadlines. What it runs must not block.
 *
 * <p>Nearly all deadlines are taken back long before they come, so that is what is cheap: one is
 * put into a set and taken out again, and nobody is woken. The thread sleeps until the earliest
 * that there was, even if that one is taken back meanwhile, and then looks at all of them.
 */
public final class Deadlines implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

  /** Between two looks, so that many deadlines that come do not each cost a look at all. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long NEVER = Long.MAX_VALUE / 2;

  private final Set<Deadline> pending = ConcurrentHashMap.newKeySet();
  private final Thread timer;

  /** When the timer looks next: {@link System#nanoTime}. Whoever makes it earlier wakes it. */
  private final AtomicLong nextLook = new AtomicLong(System.nanoTime() + NEVER);

  private volatile boolean closed;

  public Deadlines() {
    timer = Thread.ofPlatform().name("wattle-deadlines").daemon().start(this::watch);
  }

  /** A deadline that is still to come. */
  public final class Deadline {
    private final long at;
    private final Runnable action;

    private Deadline(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }

    /** Takes it back, unless it has come. */
    public void cancel() {
      pending.remove(this);
    }
  }

  /**
   * Runs {@code action} after so many nanoseconds, at most a millisecond late, unless the answer is
   * cancelled before.
   */
  public Deadline after(long nanos, Runnable action) {
    Deadline deadline = new Deadline(System.nanoTime() + Math.min(nanos, NEVER), action);
    pending.add(deadline);
    if (lookAt(deadline.at)) {
      LockSupport.unpark(timer);
    }
    return deadline;
  }

  /** Lets the timer look at that moment, unless it does so earlier. */
  private boolean lookAt(long moment) {
    long planned = nextLook.get();
    while (moment - planned < 0) {
      if (nextLook.compareAndSet(planned, moment)) {
        return true;
      }
      planned = nextLook.get();
    }
    return false;
  }

  private void watch() {
    while (!closed) {
      long now = System.nanoTime();
      long left = nextLook.get() - now;
      if (left > 0) {
        LockSupport.parkNanos(this, Math.max(PAUSE_NANOS, left));
        continue;
      }
      // Who comes while it looks may be overlooked, and so says when to look again.
      nextLook.set(now + NEVER);
      try {
        look(now);
      } catch (RuntimeException | Error e) { // for want of memory: nobody else stops guests
        var _ = lookAt(now + PAUSE_NANOS);
      }
    }
  }

  private void look(long now) {
    List<Deadline> come = new ArrayList<>();
    for (Deadline deadline : pending) {
      if (deadline.at - now > 0) {
        var _ = lookAt(deadline.at);
      } else {
        come.add(deadline);
      }
    }
    for (Deadline deadline : come) {
      if (pending.remove(deadline)) {
        run(deadline.action);
      }
    }
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      LOG.error("what a deadline was to do failed", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(timer);
  }
}

package io.wattle.host.call;

import io.wattle.lattice.call.CallException;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How many invocations of one component may be in flight: {@code count} permits, {@code max(64, 16
 * x count)} waiting in order, each at most {@code min(deadline, maxWait)}; then "busy". The number
 * can change while calls run. Thread-safe.
 */
public final class Admission {
  private static final int MIN_QUEUE = 64;
  private static final int QUEUE_FACTOR = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Deque<Waiter> queue = new ArrayDeque<>();
  private final String component;
  private final Duration maxWait;
  private int permits;
  private int inFlight;
  private @Nullable String closed;
  private boolean expelled;

  /**
   * Admits to a component.
   *
   * @param component its id, for messages
   * @param permits how many may be in flight
   * @param maxWait the longest wait for a permit
   */
  public Admission(String component, int permits, Duration maxWait) {
    this.component = component;
    this.permits = permits;
    this.maxWait = maxWait;
  }

  /**
   * Waits for a permit, which must be closed when the invocation is over.
   *
   * @throws CallException BUSY when there is no room, LOST when the component is stopped
   */
  public Permit acquire(Deadline deadline) throws CallException, InterruptedException {
    Deadline until = deadline.atMost(maxWait);
    lock.lockInterruptibly();
    try {
      if (closed != null) {
        throw new CallException(CallException.Kind.LOST, closed);
      }
      if (inFlight < permits && queue.isEmpty()) {
        inFlight++;
        return new Permit();
      }
      if (queue.size() >= queueLimit()) {
        throw busy("all " + queue.size() + " places to wait are taken too");
      }
      return await(deadline, until);
    } finally {
      lock.unlock();
    }
  }

  /** Changes how many may be in flight; those that are stay. */
  public void resize(int count) {
    lock.lock();
    try {
      permits = count;
      grant();
    } finally {
      lock.unlock();
    }
  }

  /** Turns away everybody who comes from now on; those that wait still get their turn. */
  public void close(String reason) {
    lock.lock();
    try {
      closed = reason;
    } finally {
      lock.unlock();
    }
  }

  /** Turns away those that wait, too. */
  public void expel() {
    lock.lock();
    try {
      expelled = true;
      queue.forEach(waiter -> waiter.turn.signal());
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing is in flight; false when the deadline passes first. */
  public boolean awaitIdle(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (inFlight > 0 || !queue.isEmpty()) {
        long left = deadline.nanosLeft();
        if (left <= 0) {
          return false;
        }
        idle.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Invocations that run. */
  public int inFlight() {
    lock.lock();
    try {
      return inFlight;
    } finally {
      lock.unlock();
    }
  }

  /** Invocations that wait for a permit. */
  public int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  private Permit await(Deadline deadline, Deadline until)
      throws CallException, InterruptedException {
    Waiter waiter = new Waiter(lock.newCondition());
    queue.add(waiter);
    try {
      while (!waiter.granted) {
        if (expelled) {
          throw new CallException(CallException.Kind.LOST, component + " is being stopped");
        }
        long left = until.nanosLeft();
        if (left <= 0) {
          throw deadline.passed()
              ? new CallException(
                  CallException.Kind.TIMEOUT,
                  component
                      + ": the deadline passed while waiting for one of "
                      + permits
                      + " places")
              : busy("waited " + maxWait.toMillis() + " ms");
        }
        waiter.turn.awaitNanos(left);
      }
      return new Permit();
    } catch (InterruptedException e) {
      if (waiter.granted) {
        release();
      }
      throw e;
    } finally {
      if (!waiter.granted) {
        queue.remove(waiter);
      }
      if (inFlight == 0 && queue.isEmpty()) {
        idle.signalAll();
      }
    }
  }

  private void grant() {
    Waiter next;
    while (inFlight < permits && (next = queue.poll()) != null) {
      next.granted = true;
      inFlight++;
      next.turn.signal();
    }
    if (inFlight == 0 && queue.isEmpty()) {
      idle.signalAll();
    }
  }

  private void release() {
    lock.lock();
    try {
      inFlight--;
      grant();
    } finally {
      lock.unlock();
    }
  }

  private int queueLimit() {
    return (int) Math.max(MIN_QUEUE, Math.min(Integer.MAX_VALUE, (long) QUEUE_FACTOR * permits));
  }

  private CallException busy(String detail) {
    return new CallException(
        CallException.Kind.BUSY,
        component + ": busy, " + permits + " invocations in flight and " + detail);
  }

  private static final class Waiter {
    private final Condition turn;
    private boolean granted;

    Waiter(Condition turn) {
      this.turn = turn;
    }
  }

  /** The right to one invocation. Closing gives it back, once. */
  public final class Permit implements AutoCloseable {
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Permit() {}

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        release();
      }
    }
  }
}

package io.wattle.runtime.wasi.io;

import io.wattle.runtime.Task;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How a host call waits on behalf of a guest: parked, until what it waits for is ready, and never
 * longer than its task: a passed deadline, a cancelled task and an interrupt each end the wait. One
 * for each instance, whose guest has one thread.
 */
public final class Waits {
  private static final long LONGEST_PARK = TimeUnit.HOURS.toNanos(1);

  private final Task task;
  private final Runnable wake = this::wake;
  private volatile boolean woken;
  private volatile Thread sleeper = Thread.currentThread();

  private Waits(Task task) {
    this.task = task;
    task.onCancel(wake);
  }

  /** The waits of the instance that makes this call. */
  public static Waits of(HostCall call) {
    return call.state(Waits.class, () -> new Waits(call.task()));
  }

  /**
   * Returns when it is ready.
   *
   * @throws TrapException of kind DEADLINE or CANCELLED when the task ends first
   */
  public void until(Pollable pollable) throws InterruptedException {
    if (!pollable.ready()) {
      forAny(List.of(pollable));
    }
  }

  /**
   * Returns when at least one is ready.
   *
   * @return the indices of those that are, ascending, never empty
   * @throws TrapException of kind DEADLINE or CANCELLED when the task ends first
   */
  public List<Integer> forAny(List<? extends Pollable> pollables) throws InterruptedException {
    List<Integer> ready = readyOf(pollables);
    while (ready.isEmpty()) {
      woken = false;
      sleeper = Thread.currentThread();
      long left = nanosLeft();
      for (Pollable pollable : pollables) {
        pollable.whenReady(wake);
        left = Math.min(left, pollable.nanosLeft());
      }
      ready = readyOf(pollables);
      if (ready.isEmpty()) {
        park(left);
        ready = readyOf(pollables);
      }
    }
    return ready;
  }

  private static List<Integer> readyOf(List<? extends Pollable> pollables) {
    List<Integer> ready = new ArrayList<>(pollables.size());
    for (int i = 0; i < pollables.size(); i++) {
      if (pollables.get(i).ready()) {
        ready.add(i);
      }
    }
    return ready;
  }

  private long nanosLeft() {
    String cancelled = task.cancelReason();
    if (cancelled != null) {
      throw new TrapException(
          TrapException.Kind.CANCELLED, "cancelled while it waited in a host call: " + cancelled);
    }
    long left = task.deadline().nanosLeft();
    if (left <= 0) {
      throw new TrapException(
          TrapException.Kind.DEADLINE, "the deadline passed while it waited in a host call");
    }
    return Math.min(left, LONGEST_PARK);
  }

  private void park(long nanos) throws InterruptedException {
    if (!woken && nanos > 0) {
      LockSupport.parkNanos(this, nanos);
    }
    if (Thread.interrupted()) {
      throw new InterruptedException("the guest was stopped while it waited in a host call");
    }
  }

  private void wake() {
    woken = true;
    LockSupport.unpark(sleeper);
  }
}

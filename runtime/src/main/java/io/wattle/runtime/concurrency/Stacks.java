package io.wattle.runtime.concurrency;

import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.engine.TrapException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Java threads that carry the stacks of guest threads which may stop in the middle of a function.
 * They run only while the thread that called the guest waits for them, so they need no share of the
 * processors of their own. Thread-safe.
 */
public final class Stacks implements AutoCloseable {
  private static final int MAX = 2048;
  private static final long IDLE_SECONDS = 10;
  private static final AtomicLong COUNT = new AtomicLong();
  private final ThreadPoolExecutor threads;

  /** Starts with none; they are made as they are needed. */
  public Stacks() {
    threads =
        new ThreadPoolExecutor(
            0, MAX, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), Stacks::thread);
  }

  private static Thread thread(Runnable code) {
    String name = "guest-stack-" + COUNT.incrementAndGet();
    Thread thread = new Thread(null, code, name, GuestThreads.STACK_BYTES, false);
    thread.setDaemon(true);
    return thread;
  }

  void execute(Runnable code) {
    try {
      threads.execute(code);
    } catch (RejectedExecutionException e) {
      throw new TrapException(
          TrapException.Kind.BUSY, "all " + MAX + " stacks for guest threads are taken", e);
    }
  }

  /** How many carry a stack now. */
  int taken() {
    return threads.getActiveCount();
  }

  /** Interrupts what runs and takes nothing more. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}

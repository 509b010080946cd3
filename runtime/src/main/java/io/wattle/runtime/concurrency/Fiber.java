package io.wattle.runtime.concurrency;

import io.wattle.runtime.engine.TrapException;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Code with a stack of its own, which can stop in the middle and go on later: a Java thread that
 * runs only while another one waits in {@link #resume}.
 */
final class Fiber {
  private final Stacks stacks;
  private final Consumer<Thread> runner;
  private final Runnable code;
  private final Semaphore turn = new Semaphore(0);
  private final Semaphore back = new Semaphore(0);

  /** Guarded by this: whom an interrupt reaches. Null when it is no longer this code's. */
  private @Nullable Thread thread;

  /** Seen before it ran. Guarded by this. */
  private boolean interruptToPassOn;

  /** Who waits in {@link #resume}. */
  private @Nullable Thread resumer;

  private boolean started;
  private boolean ended;
  private boolean abandoned;
  private @Nullable Throwable failure;

  /**
   * Makes one that has not begun.
   *
   * @param runner is told which thread runs the guest from now on, by the one that ran it: who
   *     stops the guest must not interrupt a thread that has another one by now
   */
  Fiber(Stacks stacks, Consumer<Thread> runner, Runnable code) {
    this.stacks = stacks;
    this.runner = runner;
    this.code = code;
  }

  /** Whether its code has come to its end. */
  boolean ended() {
    return ended;
  }

  /**
   * Runs it until it stops or ends. An interrupt of this thread is passed on to it, and is still
   * there afterwards.
   *
   * @throws TrapException what ended it, if something did
   */
  void resume() {
    resumer = Thread.currentThread();
    if (started) {
      turn.release();
    } else {
      // Only now: one that got no stack never gives a turn back.
      stacks.execute(this::run);
      started = true;
    }
    boolean interrupted = false;
    while (true) {
      try {
        back.acquire();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        passOn();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      switch (thrown) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(thrown);
      }
    }
  }

  private synchronized void passOn() {
    interruptToPassOn = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void run() {
    begin();
    try {
      code.run();
    } catch (Throwable e) {
      failure = e;
    } finally {
      ended = true;
      handBack();
      // An interrupt was meant for this guest, not for the next one on this thread.
      letGo();
      var _ = Thread.interrupted();
      back.release();
    }
  }

  private void begin() {
    runner.accept(Thread.currentThread());
    synchronized (this) {
      thread = Thread.currentThread();
      if (interruptToPassOn) {
        interruptToPassOn = false;
        thread.interrupt();
      }
    }
  }

  private void handBack() {
    runner.accept(Objects.requireNonNull(resumer, "somebody let it run"));
  }

  private synchronized void letGo() {
    thread = null;
  }

  /** Stops until the next {@link #resume}; called by its own code. */
  void stop() {
    forgetInterrupt();
    handBack();
    back.release();
    turn.acquireUninterruptibly();
    begin();
    if (abandoned) {
      throw new TrapException(TrapException.Kind.CANCELLED, "the instance was closed");
    }
  }

  private synchronized void forgetInterrupt() {
    interruptToPassOn = false;
  }

  /** Ends it where it stopped: its stack is given back when this returns. */
  void abandon() {
    if (started && !ended) {
      abandoned = true;
      try {
        resume();
      } catch (RuntimeException | Error e) {
        // That is how it ends; were it for want of memory, others would still have to end.
      }
    }
  }
}

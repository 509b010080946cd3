package io.wattle.runtime.concurrency;

import io.wattle.runtime.engine.TrapException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Code with a stack of its own, which can stop in the middle and go on later: a Java thread that
 * runs only while another one waits in {@link #resume}.
 */
final class Fiber {
  private final Stacks stacks;
  private final Runnable code;
  private final Semaphore turn = new Semaphore(0);
  private final Semaphore back = new Semaphore(0);
  private volatile @Nullable Thread thread;

  /** Seen before it ran. */
  private volatile boolean interruptToPassOn;

  private boolean started;
  private boolean ended;
  private boolean abandoned;
  private @Nullable Throwable failure;

  Fiber(Stacks stacks, Runnable code) {
    this.stacks = stacks;
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
        interruptToPassOn = true;
        Thread running = thread;
        if (running != null) {
          running.interrupt();
        }
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

  private void run() {
    thread = Thread.currentThread();
    passOnInterrupt();
    try {
      code.run();
    } catch (Throwable e) {
      failure = e;
    } finally {
      ended = true;
      // An interrupt was meant for this guest, not for the next one on this thread.
      thread = null;
      var _ = Thread.interrupted();
      back.release();
    }
  }

  private void passOnInterrupt() {
    if (interruptToPassOn) {
      interruptToPassOn = false;
      Thread.currentThread().interrupt();
    }
  }

  /** Stops until the next {@link #resume}; called by its own code. */
  void stop() {
    interruptToPassOn = false;
    back.release();
    turn.acquireUninterruptibly();
    passOnInterrupt();
    if (abandoned) {
      throw new TrapException(TrapException.Kind.CANCELLED, "the instance was closed");
    }
  }

  /** Ends it where it stopped: its stack is given back when this returns. */
  void abandon() {
    if (started && !ended) {
      abandoned = true;
      try {
        resume();
      } catch (RuntimeException e) {
        // That is how it ends.
      }
    }
  }
}

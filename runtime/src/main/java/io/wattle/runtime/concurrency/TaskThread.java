package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.ThreadStorage;
import io.wattle.runtime.abi.Traps;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A thread of a task (CanonicalABI.md, {@code Thread}). Runs, waits or is suspended. */
final class TaskThread {
  /** What a thread does next, on a stack that is made for it. */
  @FunctionalInterface
  interface Segment {
    /** Runs to the end of the thread, or to where it needs no stack while it waits. */
    void run(boolean cancelled);
  }

  final GuestTask task;

  /** Whether it runs on its caller's stack: a call of a function whose type is not async. */
  final boolean inline;

  /** In its instance's table, 0 while it is not there. */
  int index;

  boolean running;
  boolean cancellable;

  /** Whether it was made to go on by a cancellation. */
  boolean cancelled;

  /** Inline, stopped, and another thread switched to it. */
  boolean awake;

  /** When it may go on; null when somebody must say so. */
  @Nullable BooleanSupplier ready;

  /** Which thread runs when this one has stopped. */
  @Nullable TaskThread switchTo;

  /** What it keeps in {@code context} while it does not run. */
  ThreadStorage storage = ThreadStorage.EMPTY;

  /** Its stack, while it is in the middle of a function. */
  @Nullable Fiber fiber;

  private @Nullable Segment next;

  private TaskThread(GuestTask task, boolean inline, @Nullable Segment next) {
    this.task = task;
    this.inline = inline;
    this.next = next;
  }

  static TaskThread inline(GuestTask task) {
    TaskThread thread = new TaskThread(task, true, null);
    thread.running = true;
    return thread;
  }

  static TaskThread suspended(GuestTask task, Segment first) {
    return new TaskThread(task, false, first);
  }

  /** Lets go of its stack: when it goes on, it goes on here. */
  void continueWith(Segment segment) {
    next = segment;
  }

  Segment takeNext() {
    Segment segment = Objects.requireNonNull(next, "the thread has ended");
    next = null;
    return segment;
  }

  boolean waiting() {
    return !running && ready != null;
  }

  boolean isReady() {
    BooleanSupplier test = ready;
    return !running && test != null && test.getAsBoolean();
  }

  /** Traps unless it is neither running nor waiting. */
  void checkSuspended() {
    if (running || ready != null) {
      throw Traps.trap("thread " + index + " is not suspended");
    }
  }
}

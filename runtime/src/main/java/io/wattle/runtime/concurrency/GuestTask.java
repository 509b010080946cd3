package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.CallScope;
import io.wattle.runtime.abi.Traps;
import io.wattle.runtime.plan.Plan;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A call, seen by its callee (CanonicalABI.md, {@code Task}). */
final class GuestTask {
  enum State {
    INITIAL,
    STARTED,
    PENDING_CANCEL,
    CANCEL_DELIVERED,
    RESOLVED
  }

  /** Who called. */
  interface Caller {
    /** The task starts: its parameters. */
    ValueSource parameters();

    /** Where the result is lifted to. */
    ValueSink results();

    /** The task has returned, or was cancelled and returns nothing. */
    void resolved(boolean cancelled);
  }

  final TaskInstance instance;
  final CallScope scope = new CallScope();
  final Set<TaskThread> threads = new LinkedHashSet<>();
  @Nullable TaskThread implicit;

  /** What was called; null for a call of a function whose type is not async. */
  final Plan.@Nullable Lifted lifted;

  private final @Nullable Caller caller;
  private State state;

  private GuestTask(
      TaskInstance instance, Plan.@Nullable Lifted lifted, @Nullable Caller caller, State state) {
    this.instance = instance;
    this.lifted = lifted;
    this.caller = caller;
    this.state = state;
  }

  /** Of a function whose type is async. */
  static GuestTask async(TaskInstance instance, Plan.Lifted lifted, Caller caller) {
    return new GuestTask(instance, lifted, caller, State.INITIAL);
  }

  /** Of anything else that guest code is entered for; its result is none of its business. */
  static GuestTask sync(TaskInstance instance) {
    return new GuestTask(instance, null, null, State.RESOLVED);
  }

  /** Whether its implicit thread must be alone with the stack in the guest's memory. */
  boolean needsExclusive() {
    return lifted != null && (!lifted.options().async() || lifted.options().callback() >= 0);
  }

  /** Whether it says itself when it returns. */
  boolean returnsItself() {
    return lifted != null && lifted.options().async();
  }

  boolean resolved() {
    return state == State.RESOLVED;
  }

  State state() {
    return state;
  }

  ValueSource start() {
    state = State.STARTED;
    return caller().parameters();
  }

  Caller caller() {
    if (caller == null) {
      throw new AssertionError("a call of a function that is not async");
    }
    return caller;
  }

  /** Its result is with the caller's {@link Caller#results}. */
  void returned() {
    scope.checkDropped();
    caller().resolved(false);
    state = State.RESOLVED;
  }

  void checkUnresolved() {
    if (state == State.RESOLVED) {
      throw Traps.trap("task.return or task.cancel was called already for this task");
    }
  }

  void cancel() {
    if (state != State.CANCEL_DELIVERED) {
      throw Traps.trap("task.cancel was called by a task that was not told to end");
    }
    scope.checkDropped();
    caller().resolved(true);
    state = State.RESOLVED;
  }

  /** Whether the task is told now that it shall end: by what its thread would have waited in. */
  boolean deliverCancel(boolean cancellable) {
    if (cancellable && state == State.PENDING_CANCEL) {
      state = State.CANCEL_DELIVERED;
      return true;
    }
    return false;
  }

  void cancelDelivered() {
    state = State.CANCEL_DELIVERED;
  }

  void cancelPending() {
    state = State.PENDING_CANCEL;
  }

  void add(TaskThread thread) {
    thread.index = instance.add(thread);
    threads.add(thread);
  }

  void remove(TaskThread thread) {
    threads.remove(thread);
    if (threads.isEmpty() && state != State.RESOLVED) {
      throw Traps.trap("the task ended without task.return or task.cancel");
    }
    instance.remove(thread);
  }
}

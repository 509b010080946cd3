package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.CallContext;
import io.wattle.runtime.abi.FunctionCodec;
import io.wattle.runtime.abi.InstanceState;
import io.wattle.runtime.abi.Traps;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.plan.Plan;
import io.wattle.runtime.plan.Step;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls of functions whose type is async (CanonicalABI.md, {@code canon lift}). */
final class Lifts {
  private static final int EXIT = 0;
  private static final int YIELD = 1;
  private static final int WAIT = 2;
  private final Scheduler scheduler;
  private final Linkage linkage;

  Lifts(Scheduler scheduler, Linkage linkage) {
    this.scheduler = scheduler;
    this.linkage = linkage;
  }

  /** Starts a task; it has stopped, or is over, when this returns. */
  GuestTask start(
      TaskInstance instance,
      Plan.Lifted lifted,
      @Nullable InstanceState from,
      GuestTask.Caller caller) {
    GuestTask task = GuestTask.async(instance, lifted, caller);
    TaskThread thread = TaskThread.suspended(task, cancelled -> enter(task));
    task.implicit = thread;
    instance.state.enterFrom(from);
    if (task.needsExclusive()) {
      makeWay(instance);
    }
    scheduler.resume(thread, false);
    instance.state.leaveTo(from);
    return task;
  }

  /**
   * Lets the thread go on first that keeps others out and is ready: the text would let the new task
   * wait for it, the suite (sync-streams.wast) wants the new task to start at once.
   */
  private void makeWay(TaskInstance instance) {
    TaskThread holder = instance.exclusive;
    if (holder != null && holder.isReady()) {
      scheduler.resume(holder, false);
    }
  }

  private static boolean mustWait(GuestTask task) {
    TaskInstance instance = task.instance;
    return instance.state.hasBackpressure()
        || (task.needsExclusive() && instance.exclusive != null);
  }

  private void enter(GuestTask task) {
    TaskInstance instance = task.instance;
    if (!mustWait(task) && instance.waitingToEnter == 0) {
      begin(task);
      return;
    }
    instance.waitingToEnter++;
    scheduler.park(
        () -> !mustWait(task),
        true,
        cancelled -> {
          instance.waitingToEnter--;
          if (cancelled) {
            task.cancel();
          } else {
            begin(task);
          }
        });
  }

  private void begin(GuestTask task) {
    TaskThread self = scheduler.current();
    if (task.needsExclusive()) {
      task.instance.exclusive = self;
    }
    task.add(self);
    Plan.Lifted lifted = lifted(task);
    Step.Options options = lifted.options();
    FunctionCodec codec = lifted.codec();
    CallContext context = linkage.context(task.instance.state, task.scope, options);
    long[] arguments = codec.lowerParameters(task.start(), context);
    long[] values = function(lifted.core()).call(arguments);
    if (!options.async()) {
      codec.liftResult(context, values, task.caller().results());
      task.returned();
      if (options.postReturn() >= 0) {
        CoreFunction postReturn = function(options.postReturn());
        task.instance.state.withoutLeaving(() -> postReturn.call(values));
      }
      exit(task);
    } else if (options.callback() < 0) {
      exit(task);
    } else {
      next(task, (int) values[0]);
    }
  }

  /** What a callback, or the function it belongs to, wants to do next. */
  private void next(GuestTask task, int packed) {
    TaskInstance instance = task.instance;
    int code = packed & 0xf;
    switch (code) {
      case EXIT -> exit(task);
      case YIELD -> {
        instance.exclusive = null;
        if (task.deliverCancel(true)) {
          callBack(task, Event.CANCELLED);
        } else {
          scheduler.park(
              () -> instance.exclusive == null,
              true,
              cancelled -> callBack(task, cancelled ? Event.CANCELLED : Event.NONE));
        }
      }
      case WAIT -> {
        WaitableSet set =
            instance.state.handles().get(packed >>> 4, WaitableSet.class, "a waitable set");
        instance.exclusive = null;
        if (task.deliverCancel(true)) {
          callBack(task, Event.CANCELLED);
        } else {
          set.beginWait();
          scheduler.park(
              () -> instance.exclusive == null && set.hasEvent(),
              true,
              cancelled -> callBack(task, set.endWait(cancelled)));
        }
      }
      default -> throw Traps.trap("unsupported callback code: " + code + " (expected: 0, 1 or 2)");
    }
  }

  private void callBack(GuestTask task, Event event) {
    task.instance.exclusive = task.implicit;
    CoreFunction callback = function(lifted(task).options().callback());
    long[] packed = callback.call(event.code().code(), event.index(), event.payload());
    next(task, (int) packed[0]);
  }

  private static void exit(GuestTask task) {
    task.remove(Objects.requireNonNull(task.implicit, "it has started"));
    if (task.needsExclusive()) {
      task.instance.exclusive = null;
    }
  }

  /** Asks a task to end, for a caller that no longer wants its result. */
  void requestCancellation(GuestTask task, InstanceState from) {
    switch (task.state()) {
      case INITIAL -> {
        task.cancelDelivered();
        scheduler.resume(Objects.requireNonNull(task.implicit, "it waits to enter"), true);
      }
      case STARTED -> {
        TaskThread told = cancellable(task);
        InstanceState instance = task.instance.state;
        if (told != null && instance.mayEnterFrom(from)) {
          task.cancelDelivered();
          instance.enterFrom(from);
          scheduler.resume(told, true);
          instance.leaveTo(from);
        } else {
          task.cancelPending();
        }
      }
      case PENDING_CANCEL, CANCEL_DELIVERED, RESOLVED ->
          throw new AssertionError("cancelled twice, or after its end");
    }
  }

  /** A thread that waits in something that can tell it of the cancellation. */
  private static @Nullable TaskThread cancellable(GuestTask task) {
    TaskThread holder = task.instance.exclusive;
    boolean taken = task.needsExclusive() && holder != null && holder != task.implicit;
    for (TaskThread thread : task.threads) {
      if (thread.cancellable && !(taken && thread == task.implicit)) {
        return thread;
      }
    }
    return null;
  }

  private static Plan.Lifted lifted(GuestTask task) {
    return Objects.requireNonNull(task.lifted, "a function whose type is async");
  }

  private CoreFunction function(int extern) {
    return (CoreFunction) linkage.extern(extern);
  }
}

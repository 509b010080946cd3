package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.CallContext;
import io.wattle.runtime.abi.CallScope;
import io.wattle.runtime.abi.ErrorContext;
import io.wattle.runtime.abi.InstanceState;
import io.wattle.runtime.abi.Traps;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreTable;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.plan.Plan;
import io.wattle.runtime.plan.Step;
import java.util.Objects;

/** The built-ins for tasks, threads, waitables and error contexts (CanonicalABI.md). */
final class Builtins {
  /** What an operation answers that has not ended. */
  static final int BLOCKED = -1;

  private static final long[] NOTHING = {};
  private final Scheduler scheduler;
  private final Linkage linkage;
  private final Lifts lifts;
  private final CopyBuiltins copies;

  Builtins(Scheduler scheduler, Linkage linkage, Lifts lifts) {
    this.scheduler = scheduler;
    this.linkage = linkage;
    this.lifts = lifts;
    this.copies = new CopyBuiltins(scheduler, linkage);
  }

  private static long[] answer(int value) {
    return new long[] {Integer.toUnsignedLong(value)};
  }

  private static long[] answer(boolean value) {
    return new long[] {value ? 1 : 0};
  }

  long[] call(Step.Async step, TaskInstance instance, long[] arguments) {
    InstanceState state = instance.state;
    return switch (step.operand()) {
      case Step.Slot slot -> context(state, slot, arguments);
      case Step.Waiting waiting -> {
        state.checkMayLeave();
        yield waitFor(step, waiting, state, arguments);
      }
      case Step.Returning returning -> {
        state.checkMayLeave();
        yield taskReturn(returning, arguments);
      }
      case Step.Copying copying -> {
        state.checkMayLeave();
        yield copies.call(step.op(), copying, state, arguments);
      }
      case Step.Text text -> {
        state.checkMayLeave();
        yield errorContext(step, text, state, arguments);
      }
      case Step.Start start -> {
        state.checkMayLeave();
        yield newThread(start, arguments);
      }
      case Step.Flag(boolean flag) -> {
        state.checkMayLeave();
        yield flagged(step, flag, instance, arguments);
      }
      case Step.NoOperand none -> plain(step, instance, arguments);
    };
  }

  private static long[] context(InstanceState state, Step.Slot slot, long[] arguments) {
    if (arguments.length == 0) {
      return new long[] {state.stored(slot.index())};
    }
    boolean isInt = slot.type() == CoreValueType.I32;
    state.store(slot.index(), isInt ? Integer.toUnsignedLong((int) arguments[0]) : arguments[0]);
    return NOTHING;
  }

  private long[] plain(Step.Async step, TaskInstance instance, long[] arguments) {
    InstanceState state = instance.state;
    switch (step.op()) {
      case BACKPRESSURE_INC -> {
        state.backpressure(1);
        return NOTHING;
      }
      case BACKPRESSURE_DEC -> {
        state.backpressure(-1);
        return NOTHING;
      }
      default -> state.checkMayLeave();
    }
    switch (step.op()) {
      case TASK_CANCEL -> {
        GuestTask task = scheduler.current().task;
        checkReturnsItself(task, "task.cancel");
        task.cancel();
      }
      case WAITABLE_SET_NEW -> {
        return answer(state.handles().add(new WaitableSet()));
      }
      case WAITABLE_SET_DROP -> {
        set(state, arguments[0]).checkDroppable();
        state.handles().remove((int) arguments[0]);
      }
      case WAITABLE_JOIN ->
          state
              .handles()
              .get((int) arguments[0], Waitable.class, "a waitable")
              .join((int) arguments[1] == 0 ? null : set(state, arguments[1]));
      case SUBTASK_DROP -> {
        subtask(state, arguments[0]).drop();
        state.handles().remove((int) arguments[0]);
      }
      case ERROR_CONTEXT_DROP -> {
        ErrorContext _ =
            state.handles().get((int) arguments[0], ErrorContext.class, "an error context");
        state.handles().remove((int) arguments[0]);
      }
      case THREAD_INDEX -> {
        return answer(scheduler.current().index);
      }
      case THREAD_AVAILABLE_PARALLELISM -> {
        return answer(1);
      }
      case THREAD_RESUME_LATER -> {
        TaskThread thread = instance.thread((int) arguments[0]);
        thread.checkSuspended();
        scheduler.resumeLater(thread);
      }
      default -> throw new AssertionError(step.op());
    }
    return NOTHING;
  }

  private long[] flagged(Step.Async step, boolean flag, TaskInstance instance, long[] arguments) {
    return switch (step.op()) {
      case SUBTASK_CANCEL -> cancel(instance.state, flag, (int) arguments[0]);
      case THREAD_YIELD -> answer(scheduler.letOthersRun(flag, null));
      case THREAD_SUSPEND -> answer(scheduler.suspend(flag, null));
      case THREAD_SUSPEND_THEN_RESUME -> {
        TaskThread other = instance.thread((int) arguments[0]);
        other.checkSuspended();
        yield answer(scheduler.suspend(flag, other));
      }
      case THREAD_YIELD_THEN_RESUME -> {
        TaskThread other = instance.thread((int) arguments[0]);
        other.checkSuspended();
        yield answer(scheduler.letOthersRun(flag, other));
      }
      case THREAD_SUSPEND_THEN_PROMOTE -> {
        TaskThread other = instance.thread((int) arguments[0]);
        yield answer(scheduler.suspend(flag, other.isReady() ? other : null));
      }
      case THREAD_YIELD_THEN_PROMOTE -> {
        TaskThread other = instance.thread((int) arguments[0]);
        yield answer(scheduler.letOthersRun(flag, other.isReady() ? other : null));
      }
      default -> throw new AssertionError(step.op());
    };
  }

  private static WaitableSet set(InstanceState state, long index) {
    return state.handles().get((int) index, WaitableSet.class, "a waitable set");
  }

  private static Subtask subtask(InstanceState state, long index) {
    return state.handles().get((int) index, Subtask.class, "a subtask");
  }

  private long[] waitFor(
      Step.Async step, Step.Waiting options, InstanceState state, long[] arguments) {
    WaitableSet set = set(state, arguments[0]);
    Event event =
        switch (step.op()) {
          case WAITABLE_SET_WAIT -> {
            set.beginWait();
            yield set.endWait(scheduler.waitUntil(set::hasEvent, options.cancellable()));
          }
          default ->
              scheduler.current().task.deliverCancel(options.cancellable())
                  ? Event.CANCELLED
                  : set.hasEvent() ? set.takeEvent() : Event.NONE;
        };
    CoreMemory memory = (CoreMemory) linkage.extern(options.memory());
    int address = options.pointer().reach(arguments[1]);
    memory.putInt(address, event.index());
    memory.putInt(address + 4, event.payload());
    return answer(event.code().code());
  }

  private long[] cancel(InstanceState state, boolean async, int index) {
    Subtask subtask =
        async ? subtask(state, index) : scheduler.toWaitFor(() -> subtask(state, index));
    if (subtask.delivered()) {
      throw Traps.trap("`subtask.cancel` was called after the subtask's end");
    }
    if (subtask.cancellationRequested) {
      throw Traps.trap("`subtask.cancel` was called already for this subtask");
    }
    if (!async) {
      subtask.checkAlone();
    }
    if (!subtask.resolved()) {
      subtask.cancellationRequested = true;
      lifts.requestCancellation(Objects.requireNonNull(subtask.task, "it was started"), state);
      if (!subtask.resolved()) {
        if (async) {
          return answer(BLOCKED);
        }
        subtask.awaitEnd(scheduler);
      }
    }
    return answer(subtask.takeEvent().payload());
  }

  private static Plan.Lifted checkReturnsItself(GuestTask task, String builtin) {
    Plan.Lifted lifted = task.lifted;
    if (lifted == null || !task.returnsItself()) {
      throw Traps.trap(
          "`" + builtin + "` was called by a task that was not lifted with the option async");
    }
    return lifted;
  }

  private long[] taskReturn(Step.Returning returning, long[] arguments) {
    GuestTask task = scheduler.current().task;
    Plan.Lifted lifted = checkReturnsItself(task, "task.return");
    Step.Options given = returning.options();
    if (!Objects.equals(returning.result(), lifted.type().result())
        || given.encoding() != lifted.options().encoding()
        || (given.memory() >= 0 && memory(given) != memory(lifted.options()))) {
      throw Traps.trap(
          "invalid `task.return` signature and/or options for current task: result "
              + returning.result()
              + " (expected: "
              + lifted.type().result()
              + ", with the same memory and string encoding)");
    }
    task.checkUnresolved();
    CallContext context = linkage.context(task.instance.state, task.scope, given);
    returning.codec().liftReturned(context, arguments, task.caller().results());
    task.returned();
    return NOTHING;
  }

  private Object memory(Step.Options options) {
    return options.memory() < 0 ? this : linkage.extern(options.memory());
  }

  private long[] errorContext(
      Step.Async step, Step.Text text, InstanceState state, long[] arguments) {
    CallContext context = linkage.context(state, new CallScope(), text.options());
    return switch (step.op()) {
      case ERROR_CONTEXT_NEW ->
          answer(state.handles().add(ErrorContext.read(text.string(), context, arguments)));
      default -> {
        state
            .handles()
            .get((int) arguments[0], ErrorContext.class, "an error context")
            .write(text.string(), context, arguments[1]);
        yield NOTHING;
      }
    };
  }

  private long[] newThread(Step.Start start, long[] arguments) {
    int index = start.address().reach(arguments[0]);
    CoreFunction function = linkage.element((CoreTable) linkage.extern(start.table()), index);
    if (function == null) {
      throw Traps.trap("uninitialized element " + Integer.toUnsignedString(index));
    }
    if (!function.type().equals(start.function())) {
      throw Traps.trap(
          "indirect call type mismatch: a thread starts with "
              + function.type()
              + " (expected: "
              + start.function()
              + ")");
    }
    GuestTask task = scheduler.current().task;
    long argument = arguments[1];
    TaskThread thread =
        TaskThread.suspended(
            task,
            cancelled -> {
              TaskThread self = scheduler.current();
              long[] _ = function.call(argument);
              task.remove(self);
            });
    task.add(thread);
    return answer(thread.index);
  }
}

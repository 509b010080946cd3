package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.CallContext;
import io.wattle.runtime.abi.FunctionCodec;
import io.wattle.runtime.plan.Plan;
import io.wattle.runtime.plan.Step;
import io.wattle.wit.value.ValueBuffer;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls from one guest to another whose function's type is async ({@code canon lower}). */
final class Lowers {
  private final Scheduler scheduler;
  private final Linkage linkage;
  private final Lifts lifts;

  Lowers(Scheduler scheduler, Linkage linkage, Lifts lifts) {
    this.scheduler = scheduler;
    this.linkage = linkage;
    this.lifts = lifts;
  }

  /** Calls; waits for the result unless the lower is async. */
  long[] call(
      Step.Lower step,
      TaskInstance caller,
      TaskInstance callee,
      Plan.Lifted lifted,
      long[] arguments) {
    Subtask subtask = new Subtask();
    CallContext context = linkage.context(caller.state, subtask.scope, step.options());
    subtask.task =
        lifts.start(callee, lifted, caller.state, new Side(step, subtask, context, arguments));
    if (!step.options().async()) {
      boolean _ = scheduler.waitUntil(subtask::resolved, false);
      subtask.deliver();
      return subtask.flatResults;
    }
    if (subtask.resolved()) {
      subtask.deliver();
      return new long[] {Subtask.State.RETURNED.code()};
    }
    int index = caller.state.handles().add(subtask);
    subtask.tellAs(index);
    return new long[] {Integer.toUnsignedLong(subtask.state().code() | index << 4)};
  }

  /** The caller's side of a call. */
  private static final class Side implements GuestTask.Caller {
    private final Step.Lower step;
    private final Subtask subtask;
    private final CallContext context;
    private final long[] arguments;

    /** Until they are lowered: the guest decides how long there is a handle to the subtask. */
    private @Nullable ValueBuffer results;

    Side(Step.Lower step, Subtask subtask, CallContext context, long[] arguments) {
      this.step = step;
      this.subtask = subtask;
      this.context = context;
      this.arguments = arguments;
    }

    @Override
    public ValueSource parameters() {
      subtask.to(Subtask.State.STARTED);
      ValueBuffer parameters = new ValueBuffer();
      FunctionCodec codec = step.codec();
      if (step.options().async()) {
        codec.liftAsyncParameters(context, arguments, parameters);
      } else {
        codec.liftParameters(context, arguments, parameters);
      }
      return parameters.source();
    }

    @Override
    public ValueSink results() {
      results = new ValueBuffer();
      return results;
    }

    @Override
    public void resolved(boolean cancelled) {
      if (cancelled) {
        subtask.to(
            subtask.state() == Subtask.State.STARTING
                ? Subtask.State.CANCELLED_BEFORE_STARTED
                : Subtask.State.CANCELLED_BEFORE_RETURNED);
        return;
      }
      ValueSource values = Objects.requireNonNull(results, "they were lifted").source();
      results = null;
      if (step.options().async()) {
        step.codec().lowerAsyncResult(values, context, arguments);
      } else {
        subtask.flatResults = step.codec().lowerResult(values, context, arguments);
      }
      subtask.to(Subtask.State.RETURNED);
    }
  }
}

package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.InstanceState;
import io.wattle.runtime.abi.Traps;
import io.wattle.runtime.plan.Plan;
import io.wattle.runtime.plan.Step;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.Arrays;

/** The tasks of one graph. Used by one thread at a time, like the graph. */
public final class Concurrency {
  private final Plan plan;
  private final Linkage linkage;
  private final TaskInstance[] instances;
  private final Scheduler scheduler;
  private final Lifts lifts;
  private final Lowers lowers;
  private final Builtins builtins;

  /** Makes what a graph of {@code plan} needs for its tasks. */
  public Concurrency(Plan plan, Linkage linkage, InstanceState[] instances, Stacks stacks) {
    this.plan = plan;
    this.linkage = linkage;
    this.instances = Arrays.stream(instances).map(TaskInstance::new).toArray(TaskInstance[]::new);
    this.scheduler = new Scheduler(stacks, linkage);
    this.lifts = new Lifts(scheduler, linkage);
    this.lowers = new Lowers(scheduler, linkage, lifts);
    this.builtins = new Builtins(scheduler, linkage, lifts);
  }

  /** The host enters: what it does is stopped through this thread. Ends all tasks on a failure. */
  public void fromHost(Runnable code) {
    Thread _ = linkage.handOver(Thread.currentThread());
    boolean done = false;
    try {
      code.run();
      done = true;
    } finally {
      if (!done) {
        end();
      }
      Thread _ = linkage.handOver(null);
    }
  }

  /** Enters an instance other than for a call of a function whose type is async. */
  public void inline(int instance, Runnable code) {
    scheduler.runInline(instances[instance], code);
  }

  /**
   * Calls a function whose type is async for the host, and lets tasks run until it has returned.
   */
  public void call(int index, ValueSource parameters, ValueSink results) {
    Plan.Lifted lifted = plan.lifted().get(index);
    GuestTask task =
        lifts.start(
            instances[lifted.instance()],
            lifted,
            null,
            new GuestTask.Caller() {
              @Override
              public ValueSource parameters() {
                return parameters;
              }

              @Override
              public ValueSink results() {
                return results;
              }

              @Override
              public void resolved(boolean cancelled) {}
            });
    while (!task.resolved()) {
      if (!scheduler.tick()) {
        throw Traps.trap("deadlock detected: event loop cannot make further progress");
      }
    }
  }

  /** Lets tasks run until none can go on. */
  public void settle() {
    while (scheduler.tick()) {
      // Each tick is one thread's turn.
    }
  }

  /** A guest calls a guest's function whose type is async. */
  public long[] lowered(Step.Lower step, int target, long[] arguments) {
    Plan.Lifted lifted = plan.lifted().get(target);
    return lowers.call(
        step, instances[step.caller()], instances[lifted.instance()], lifted, arguments);
  }

  /** A guest calls a built-in. */
  public long[] builtin(Step.Async step, long[] arguments) {
    return builtins.call(step, instances[step.caller()], arguments);
  }

  /** Whether no task is there. */
  public boolean idle() {
    return scheduler.idle() && Arrays.stream(instances).allMatch(TaskInstance::idle);
  }

  /** Ends all tasks. When one of them was in the middle of a function its store is poisoned. */
  public void end() {
    scheduler.end();
    for (TaskInstance instance : instances) {
      instance.clear();
    }
    Thread _ = linkage.handOver(null);
  }
}

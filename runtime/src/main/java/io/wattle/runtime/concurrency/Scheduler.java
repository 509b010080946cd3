package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.InstanceState;
import io.wattle.runtime.abi.ThreadStorage;
import io.wattle.runtime.abi.Traps;
import io.wattle.runtime.engine.TrapException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which thread of a graph runs (CanonicalABI.md, {@code Thread}, {@code Store.tick}): one at a
 * time, those that are ready in the order in which they began to wait. Nothing in a graph waits for
 * anything outside of it, so that when nothing is ready nothing ever will be.
 */
final class Scheduler {
  /** Stacks that one graph may keep: each is a Java thread. */
  private static final int MAX_STACKS = 200;

  private static final String CANNOT_BLOCK = "cannot block a synchronous task before returning";

  private final Stacks stacks;
  private final Linkage linkage;
  private final Set<TaskThread> waiting = new LinkedHashSet<>();
  private final Set<Fiber> fibers = new LinkedHashSet<>();
  private @Nullable TaskThread current;

  /** The inline thread that stopped last and lets others run meanwhile, on its stack. */
  private @Nullable TaskThread innermost;

  Scheduler(Stacks stacks, Linkage linkage) {
    this.stacks = stacks;
    this.linkage = linkage;
  }

  /** The thread that runs. */
  TaskThread current() {
    return Objects.requireNonNull(current, "a guest runs");
  }

  /** Whether no thread waits and none keeps a stack. */
  boolean idle() {
    return waiting.isEmpty() && fibers.isEmpty();
  }

  /** Runs code as a thread of its own on this stack. */
  void runInline(TaskInstance instance, Runnable code) {
    GuestTask task = GuestTask.sync(instance);
    TaskThread thread = TaskThread.inline(task);
    TaskThread before = current;
    current = thread;
    task.add(thread);
    ThreadStorage storage = instance.state.exchangeStorage(ThreadStorage.EMPTY);
    code.run();
    var _ = instance.state.exchangeStorage(storage);
    task.remove(thread);
    current = before;
  }

  /** Lets a thread that is suspended or waits go on, until it stops or ends. */
  void resume(TaskThread thread, boolean cancelled) {
    TaskThread next = thread;
    boolean flag = cancelled;
    while (next != null) {
      stopWaiting(next);
      if (next.inline) {
        if (next != innermost) {
          throw Traps.trap("a thread cannot go on while a call it made has not returned");
        }
        next.awake = true;
        return;
      }
      next = run(next, flag);
      flag = false;
    }
  }

  private @Nullable TaskThread run(TaskThread thread, boolean cancelled) {
    InstanceState instance = thread.task.instance.state;
    TaskThread before = current;
    current = thread;
    thread.running = true;
    thread.cancellable = false;
    thread.cancelled = cancelled;
    ThreadStorage storage = instance.exchangeStorage(thread.storage);
    Fiber fiber = thread.fiber;
    if (fiber == null) {
      fiber = newFiber(thread);
    }
    fiber.resume();
    if (fiber.ended()) {
      thread.fiber = null;
      fibers.remove(fiber);
    }
    thread.storage = instance.exchangeStorage(storage);
    thread.running = false;
    current = before;
    TaskThread switchTo = thread.switchTo;
    thread.switchTo = null;
    return switchTo;
  }

  private Fiber newFiber(TaskThread thread) {
    if (fibers.size() >= MAX_STACKS) {
      throw new TrapException(
          TrapException.Kind.LIMIT,
          "more than " + MAX_STACKS + " threads of a component are in the middle of a function");
    }
    TaskThread.Segment segment = thread.takeNext();
    boolean cancelled = thread.cancelled;
    Fiber fiber = new Fiber(stacks, linkage::handOver, () -> segment.run(cancelled));
    thread.fiber = fiber;
    fibers.add(fiber);
    return fiber;
  }

  /** The running thread's stack ends here; it goes on with {@code segment} when it is ready. */
  void park(BooleanSupplier ready, boolean cancellable, TaskThread.Segment segment) {
    TaskThread self = current();
    self.continueWith(segment);
    self.cancellable = cancellable;
    startWaiting(self, ready);
  }

  /** Makes a suspended thread ready. */
  void resumeLater(TaskThread thread) {
    startWaiting(thread, () -> true);
  }

  private void startWaiting(TaskThread thread, BooleanSupplier ready) {
    thread.ready = ready;
    waiting.add(thread);
  }

  void stopWaiting(TaskThread thread) {
    if (thread.ready != null) {
      thread.ready = null;
      waiting.remove(thread);
    }
  }

  /**
   * Stops the running thread until something is so.
   *
   * @return whether it goes on because its task is cancelled instead
   */
  boolean waitUntil(BooleanSupplier ready, boolean cancellable) {
    TaskThread self = current();
    if (self.task.deliverCancel(cancellable)) {
      return true;
    }
    if (ready.getAsBoolean()) {
      return false;
    }
    startWaiting(self, ready);
    return stop(self, cancellable, null);
  }

  /** Lets others run. */
  boolean letOthersRun(boolean cancellable, @Nullable TaskThread other) {
    TaskThread self = current();
    if (self.task.deliverCancel(cancellable)) {
      return true;
    }
    if (other != null) {
      stopWaiting(other);
    }
    startWaiting(self, () -> true);
    return stop(self, cancellable, other);
  }

  /** Stops the running thread until another one or a cancellation makes it go on. */
  boolean suspend(boolean cancellable, @Nullable TaskThread other) {
    TaskThread self = current();
    if (self.task.deliverCancel(cancellable)) {
      return true;
    }
    if (other != null) {
      stopWaiting(other);
    }
    return stop(self, cancellable, other);
  }

  private boolean stop(TaskThread self, boolean cancellable, @Nullable TaskThread other) {
    self.cancellable = cancellable;
    if (self.inline) {
      stopInline(self, other);
      return false;
    }
    self.switchTo = other;
    Objects.requireNonNull(self.fiber, "it runs on a stack of its own").stop();
    return self.cancelled;
  }

  /** Its caller waits below on the same stack: others run here, above it, until it can go on. */
  private void stopInline(TaskThread self, @Nullable TaskThread other) {
    TaskThread outer = innermost;
    innermost = self;
    self.running = false;
    TaskThread next = other;
    while (true) {
      if (next == null) {
        next = candidate(self);
        if (next == null) {
          throw Traps.trap(
              CANNOT_BLOCK
                  + " (deadlock detected: event loop cannot make further progress, no other thread"
                  + " of the component instance is ready)");
        }
      }
      if (next == self) {
        stopWaiting(self);
        break;
      }
      resume(next, false);
      if (self.awake) {
        break;
      }
      next = null;
    }
    self.awake = false;
    self.running = true;
    innermost = outer;
  }

  /**
   * A thread of the same instance that may run while a call whose type is not async is under way:
   * not one that needs the guest's own stack for itself, which that call is using. Null when there
   * is none.
   */
  private @Nullable TaskThread candidate(TaskThread self) {
    for (TaskThread thread : waiting) {
      GuestTask task = thread.task;
      if (task.instance == self.task.instance
          && thread.index > 0
          && (thread == self || !thread.inline)
          && !(task.needsExclusive() && thread == task.implicit)
          && thread.isReady()) {
        return thread;
      }
    }
    return null;
  }

  /**
   * What an operation is to wait for. The text lets the guest's handle be looked up first, and
   * checks that the task may wait when it has to; the suite wants to hear of the latter where both
   * rules are broken.
   */
  <T> T toWaitFor(Supplier<T> lookup) {
    try {
      return lookup.get();
    } catch (TrapException e) {
      TaskThread self = current();
      if (self.inline && candidate(self) == null) {
        throw Traps.trap(CANNOT_BLOCK + ", and there is nothing to wait for: " + e.getMessage());
      }
      throw e;
    }
  }

  /** Lets the first thread that is ready run; whether there was one. */
  boolean tick() {
    for (TaskThread thread : waiting) {
      if (thread.isReady()) {
        InstanceState instance = thread.task.instance.state;
        instance.enterFrom(null);
        resume(thread, false);
        instance.leaveTo(null);
        return true;
      }
    }
    return false;
  }

  /** Ends all threads: their stacks are given back when this returns. */
  void end() {
    List<Fiber> left = new ArrayList<>(fibers);
    fibers.clear();
    waiting.clear();
    current = null;
    innermost = null;
    left.forEach(Fiber::abandon);
  }
}

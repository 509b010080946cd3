package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.InstanceState;
import io.wattle.runtime.abi.Traps;
import io.wattle.runtime.engine.TrapException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a component instance has for its tasks (CanonicalABI.md, {@code ComponentInstance}). */
final class TaskInstance {
  private static final int MAX_THREADS = 1 << 16;
  final InstanceState state;

  /** The thread that alone may run code which shares one stack in the guest's memory. */
  @Nullable TaskThread exclusive;

  int waitingToEnter;
  private final List<@Nullable TaskThread> threads = new ArrayList<>();
  private final List<Integer> free = new ArrayList<>();

  TaskInstance(InstanceState state) {
    this.state = state;
    threads.add(null);
  }

  int add(TaskThread thread) {
    if (!free.isEmpty()) {
      int index = free.removeLast();
      threads.set(index, thread);
      return index;
    }
    if (threads.size() > MAX_THREADS) {
      throw new TrapException(
          TrapException.Kind.LIMIT,
          "more than " + MAX_THREADS + " threads in a component instance");
    }
    state.upkeep().addSlot(threads.size());
    threads.add(thread);
    return threads.size() - 1;
  }

  void remove(TaskThread thread) {
    threads.set(thread.index, null);
    free.add(thread.index);
    thread.index = 0;
  }

  TaskThread thread(int index) {
    TaskThread thread = index > 0 && index < threads.size() ? threads.get(index) : null;
    if (thread == null) {
      throw Traps.trap("unknown thread index " + Integer.toUnsignedString(index));
    }
    return thread;
  }

  /** Whether there is no thread, not even one that never ran. */
  boolean idle() {
    return free.size() == threads.size() - 1;
  }

  /** As at the beginning. */
  void clear() {
    exclusive = null;
    waitingToEnter = 0;
    threads.clear();
    threads.add(null);
    free.clear();
  }
}

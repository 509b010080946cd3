package io.wattle.runtime.engine.endive;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** Compiles nothing until it is told to. */
final class HeldCompiler implements Executor {
  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

  @Override
  public void execute(Runnable task) {
    held.add(task);
  }

  int held() {
    return held.size();
  }

  /** Compiles what was asked for, on this thread. */
  void release() {
    for (Runnable task = held.poll(); task != null; task = held.poll()) {
      task.run();
    }
  }
}

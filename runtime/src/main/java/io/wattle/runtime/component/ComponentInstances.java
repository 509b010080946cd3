package io.wattle.runtime.component;

import io.wattle.runtime.Component;
import io.wattle.runtime.Task;
import io.wattle.runtime.engine.TrapException;

/**
 * A component with its imports satisfied: where fresh instances come from. Thread-safe. The first
 * instance is built by running the component's initialisers; if no import ran that is not
 * repeatable, its state is the snapshot that all later ones start from.
 */
public interface ComponentInstances extends AutoCloseable {
  Component component();

  /**
   * Takes an instance for an invocation. The instance is stopped when the task is cancelled or its
   * deadline passes. Must run on the thread that may run guest code: initialisers run here.
   *
   * @throws TrapException when an initialiser trapped, or of kind BUSY when there is no room for
   *     its memory
   */
  ComponentInstance begin(Task task);

  /** Stops what runs and gives everything back; {@link #begin} fails from now on. */
  @Override
  void close();
}

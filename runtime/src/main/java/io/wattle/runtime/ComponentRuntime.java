package io.wattle.runtime;

import io.wattle.runtime.component.ComponentInstances;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.host.Imports;

/** Loads components and links them. Thread-safe. */
public interface ComponentRuntime extends AutoCloseable {
  /** A runtime on this engine, which it does not close. */
  static ComponentRuntime on(CoreEngine engine) {
    return new DefaultComponentRuntime(engine);
  }

  /**
   * Decodes and validates a component and prepares its core modules.
   *
   * @throws InvalidComponentException when it is refused; the message says where and why
   */
  Component load(byte[] wasm) throws InvalidComponentException;

  /**
   * The same for a component that is only looked at: one that imports what no host can serve yet
   * ({@link Component#unserved}) is described, but it cannot be linked.
   *
   * @throws InvalidComponentException when it is refused for another reason
   */
  Component look(byte[] wasm) throws InvalidComponentException;

  /**
   * Checks a component by all rules of validation without preparing it: also one that needs what
   * cannot run here yet.
   *
   * @throws InvalidComponentException when it breaks a rule; the message says where and which
   */
  void validate(byte[] wasm) throws InvalidComponentException;

  /**
   * Satisfies a component's imports: by host interfaces first, then by links.
   *
   * @throws LinkException naming the import that nothing serves
   */
  ComponentInstances link(Component component, Imports imports, LinkOptions options)
      throws LinkException;

  /** Ends the timer; instances must have been closed before. */
  @Override
  void close();
}

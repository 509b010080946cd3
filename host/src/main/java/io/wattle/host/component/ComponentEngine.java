package io.wattle.host.component;

import io.wattle.host.admin.ComponentMetrics;
import io.wattle.runtime.Component;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.LinkedComponent;
import io.wattle.runtime.engine.MemoryBudget;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.host.Imports;

/** The runtime as a host uses it: one for all components, with one memory budget. */
public interface ComponentEngine extends AutoCloseable {
  /** A part of the memory budget, for one component. */
  MemoryBudget memory();

  /** Decodes, validates and prepares a component. */
  Component load(byte[] wasm) throws InvalidComponentException;

  /**
   * Satisfies a component's imports.
   *
   * @param metrics where the making of instances is timed and their memory counted
   */
  LinkedComponent link(
      Component component, Imports imports, StoreLimits limits, ComponentMetrics metrics)
      throws LinkException;

  /** Stops the guests' threads; linked components were closed before. */
  @Override
  void close();
}

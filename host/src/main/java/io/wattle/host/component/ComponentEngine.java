package io.wattle.host.component;

import io.micrometer.core.instrument.Timer;
import io.wattle.runtime.Component;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.LinkedComponent;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.host.Imports;

/** The runtime as a host uses it: one for all components, with one memory budget. */
public interface ComponentEngine extends AutoCloseable {
  /** Decodes, validates and prepares a component. */
  Component load(byte[] wasm) throws InvalidComponentException;

  /**
   * Satisfies a component's imports.
   *
   * @param instantiation where the making of instances is timed
   */
  LinkedComponent link(
      Component component, Imports imports, StoreLimits limits, Timer instantiation)
      throws LinkException;

  /** Stops the guests' threads; linked components were closed before. */
  @Override
  void close();
}

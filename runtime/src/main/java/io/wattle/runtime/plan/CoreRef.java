package io.wattle.runtime.plan;

/** Where a core thing is found in a graph. */
public sealed interface CoreRef {
  /** An export of the core instance that a step made. */
  record InstanceExport(int instance, String name) implements CoreRef {}

  /** A core function that a step made. */
  record HostFunction(int slot) implements CoreRef {}

  /** Nowhere: the component is only checked, not instantiated. */
  record Nowhere() implements CoreRef {
    static final Nowhere NOWHERE = new Nowhere();
  }
}

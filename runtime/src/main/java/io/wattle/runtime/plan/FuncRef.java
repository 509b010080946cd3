package io.wattle.runtime.plan;

/** Where a component-level function is found in a graph. */
public sealed interface FuncRef {
  /** A core function of the graph, lifted: an index into {@link Plan#lifted}. */
  record Lifted(int index) implements FuncRef {}

  /** An import of the component: an index into {@link Plan#imports}. */
  record Imported(int index) implements FuncRef {}

  /** Nowhere: the component is only checked, not instantiated. */
  record Nowhere() implements FuncRef {
    static final Nowhere NOWHERE = new Nowhere();
  }
}

package io.wattle.runtime.engine;

/** The immutable state of a graph of core instances. Shared by all stores made of it. */
public interface CoreSnapshot {
  /** Bytes it holds on to. */
  long bytes();
}

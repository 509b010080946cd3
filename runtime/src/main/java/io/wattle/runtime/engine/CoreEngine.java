package io.wattle.runtime.engine;

/** Compiles core modules and makes stores for their instances. Thread-safe. */
public interface CoreEngine extends AutoCloseable {
  /**
   * Parses, validates and prepares a module. Returns as soon as it can run; native speed may come
   * later.
   *
   * @param wasm the binary of a core module
   * @throws InvalidModuleException when it is malformed or invalid
   */
  CoreModule compile(byte[] wasm) throws InvalidModuleException;

  /** A store for a new graph of instances. */
  CoreStore newStore(StoreLimits limits);

  /**
   * A store in which the graph that {@code snapshot} was taken of comes into being again: the same
   * modules must be instantiated in the same order, and each takes its memories, tables, globals
   * and segments from the snapshot (pages are shared until written) instead of running initialisers
   * and start functions.
   */
  CoreStore newStore(StoreLimits limits, CoreSnapshot snapshot);

  @Override
  void close();
}

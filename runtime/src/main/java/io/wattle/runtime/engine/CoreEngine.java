package io.wattle.runtime.engine;

import org.jspecify.annotations.Nullable;

/** Compiles core modules and makes stores for their instances. Thread-safe. */
public interface CoreEngine extends AutoCloseable {
  /**
   * Parses, validates and prepares a module. Returns as soon as it can run: with {@link
   * EngineOptions.Execution#TIERED} it may be interpreted at first, see {@link CoreModule#code}.
   *
   * @param wasm the binary of a core module
   * @throws InvalidModuleException when it is malformed or invalid
   */
  CoreModule compile(byte[] wasm) throws InvalidModuleException;

  /** What all guests of this engine hold and may hold. */
  MemoryBudget memory();

  /** A store for a new graph of instances, which takes its memory from the engine's budget. */
  default CoreStore newStore(StoreLimits limits) {
    return newStore(limits, memory(), null);
  }

  /** A store on the engine's budget in which the snapshot's graph comes into being again. */
  default CoreStore newStore(StoreLimits limits, CoreSnapshot snapshot) {
    return newStore(limits, memory(), snapshot);
  }

  /**
   * A store for a new graph of instances, or one in which the graph that {@code snapshot} was taken
   * of comes into being again: the same modules must be instantiated in the same order, and each
   * takes its memories, tables, globals and segments from the snapshot (pages are shared until
   * written) instead of running initialisers and start functions.
   *
   * @param memory the engine's budget or a part of it
   */
  default CoreStore newStore(
      StoreLimits limits, MemoryBudget memory, @Nullable CoreSnapshot snapshot) {
    return newStore(limits, memory, snapshot, 0);
  }

  /**
   * The same for one who keeps stores, resets them and takes them up again.
   *
   * @param kept how many of this snapshot: as many may be of a kind that is dear to make and fast
   *     to run, if the snapshot is used much and the budget has ample room ({@link
   *     CoreStore#isDear})
   */
  CoreStore newStore(
      StoreLimits limits, MemoryBudget memory, @Nullable CoreSnapshot snapshot, int kept);

  /** Ends what is compiled in the background; its modules run on as they are. */
  @Override
  void close();
}

package io.wattle.runtime.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How an engine runs its guests.
 *
 * @param memoryBudgetBytes what all guests together may hold, see {@link MemoryBudget}
 * @param cacheDirectory where compiled modules are kept, or null to keep none
 * @param cacheBytes how much the directory may hold; the oldest modules go first
 * @param execution compiled or interpreted
 * @param memory what linear memories are made of
 * @param meters where the engine counts
 * @param compiler where {@link Execution#TIERED} compiles, or null for threads of the engine's own,
 *     for all processors but one
 * @param hotAfter how often a component must be used within ten seconds (or in one second of them)
 *     until its instances get flat memories in an engine of {@link Memory#SHARED_PAGES}, as far as
 *     they are kept for the next use and the budget has ample room; 0 for never
 */
public record EngineOptions(
    long memoryBudgetBytes,
    @Nullable Path cacheDirectory,
    long cacheBytes,
    Execution execution,
    Memory memory,
    MeterRegistry meters,
    @Nullable Executor compiler,
    int hotAfter) {
  private static final int HOT = 100;

  /** How functions run. */
  public enum Execution {
    /** As JVM classes; functions too large for the JVM are interpreted. */
    COMPILED,
    /**
     * Interpreted at once and compiled in the background. A call that has begun interpreted goes on
     * in compiled code with the next function that it calls; a function that is under way stays
     * interpreted until it returns.
     */
    TIERED,
    /** All interpreted: slow, for tests and for modules that run once. */
    INTERPRETED
  }

  /** What linear memories are made of, which the code of all modules is made for. */
  public enum Memory {
    /**
     * Pages shared with a snapshot until they are written: instances come into being in
     * microseconds and hold what they have changed. For hosts, where they come and go.
     */
    SHARED_PAGES,
    /**
     * One array each, all of it counted against the budget at once, at most 2 GiB: computing is
     * about twice as fast, an instance costs a copy of its memory. For few that live long.
     */
    FLAT
  }

  /** Half of the heap for guests, no cache, compiled, counted nowhere. */
  public static EngineOptions defaults() {
    return new EngineOptions(
        Runtime.getRuntime().maxMemory() / 2,
        null,
        1L << 30,
        Execution.COMPILED,
        Memory.SHARED_PAGES,
        new CompositeMeterRegistry(),
        null,
        HOT);
  }

  public EngineOptions withMemoryBudget(long bytes) {
    return new EngineOptions(
        bytes, cacheDirectory, cacheBytes, execution, memory, meters, compiler, hotAfter);
  }

  public EngineOptions withCache(Path directory, long bytes) {
    return new EngineOptions(
        memoryBudgetBytes, directory, bytes, execution, memory, meters, compiler, hotAfter);
  }

  public EngineOptions withExecution(Execution how) {
    return new EngineOptions(
        memoryBudgetBytes, cacheDirectory, cacheBytes, how, memory, meters, compiler, hotAfter);
  }

  public EngineOptions withMemory(Memory kind) {
    return new EngineOptions(
        memoryBudgetBytes, cacheDirectory, cacheBytes, execution, kind, meters, compiler, hotAfter);
  }

  public EngineOptions withMeters(MeterRegistry registry) {
    return new EngineOptions(
        memoryBudgetBytes,
        cacheDirectory,
        cacheBytes,
        execution,
        memory,
        registry,
        compiler,
        hotAfter);
  }

  /** Where modules are compiled in the background; the engine does not end it. */
  public EngineOptions withCompiler(Executor executor) {
    return new EngineOptions(
        memoryBudgetBytes,
        cacheDirectory,
        cacheBytes,
        execution,
        memory,
        meters,
        executor,
        hotAfter);
  }

  /** From how many uses within ten seconds on a component is hot; 0 for never. */
  public EngineOptions withHotAfter(int uses) {
    return new EngineOptions(
        memoryBudgetBytes, cacheDirectory, cacheBytes, execution, memory, meters, compiler, uses);
  }
}

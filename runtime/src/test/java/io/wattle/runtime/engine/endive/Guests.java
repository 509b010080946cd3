package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreExtern;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.Engines;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Modules and engines for tests. */
final class Guests {
  private Guests() {}

  static byte[] wasm(String name) {
    try (InputStream in = Guests.class.getResourceAsStream("/engine/" + name + ".wasm")) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How functions run, and what memories are made of. */
  enum Kind {
    COMPILED(Execution.COMPILED, MemoryKind.PAGED),
    TIERED(Execution.TIERED, MemoryKind.PAGED),
    INTERPRETED(Execution.INTERPRETED, MemoryKind.PAGED),
    COMPILED_FLAT(Execution.COMPILED, MemoryKind.FLAT),
    INTERPRETED_FLAT(Execution.INTERPRETED, MemoryKind.FLAT),
    COMPILED_MARKED(Execution.COMPILED, MemoryKind.MARKED),
    INTERPRETED_MARKED(Execution.INTERPRETED, MemoryKind.MARKED);

    private final Execution execution;
    private final MemoryKind memory;

    Kind(Execution execution, MemoryKind memory) {
      this.execution = execution;
      this.memory = memory;
    }

    boolean isFlat() {
      return memory != MemoryKind.PAGED;
    }
  }

  static CoreEngine engine(Kind kind) {
    return new EndiveEngine(
        EngineOptions.defaults().withExecution(kind.execution), kind.memory, System::nanoTime);
  }

  static CoreEngine engine(Execution execution) {
    return Engines.endive(EngineOptions.defaults().withExecution(execution));
  }

  static CoreModule compile(CoreEngine engine, String name) {
    try {
      return engine.compile(wasm(name));
    } catch (Exception e) {
      throw new AssertionError(name, e);
    }
  }

  static CoreFunction function(CoreInstance instance, String name) {
    return (CoreFunction) extern(instance, name);
  }

  static CoreExtern extern(CoreInstance instance, String name) {
    return Objects.requireNonNull(instance.export(name), name);
  }

  static long call(CoreInstance instance, String name, long... arguments) {
    long[] results = function(instance, name).call(arguments);
    return results.length == 0 ? 0 : results[0];
  }
}

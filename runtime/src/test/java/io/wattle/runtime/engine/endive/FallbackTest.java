package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions too large for the JVM that cannot be cut run interpreted, under the same rules. */
class FallbackTest {
  @Test
  void interpretedAndCompiledFunctionsCallEachOther() throws Exception {
    try (CoreEngine engine = Guests.engine(Execution.COMPILED);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(engine.compile(BigFunction.module(true)), CoreImports.NONE);
      assertThat((int) Guests.call(instance, "twist", 5)).isEqualTo(BigFunction.twist(5));
      assertThat((int) Guests.call(instance, "small", 9)).isEqualTo(BigFunction.twist(9));
    }
  }

  @Test
  void theyCanBeStopped() throws Exception {
    try (CoreEngine engine = Guests.engine(Execution.COMPILED);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(engine.compile(BigFunction.module(true)), CoreImports.NONE);
      CompletableFuture<Void> stopper =
          CompletableFuture.runAsync(
              () -> {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                store.stop(Kind.DEADLINE, "late");
              });
      assertThatThrownBy(() -> Guests.call(instance, "spin", 1)).hasMessage("late");
      stopper.get();
    }
  }

  @Test
  void theirFramesOnTheHeapAreBounded() throws Exception {
    try (CoreEngine engine = Guests.engine(Execution.COMPILED);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(engine.compile(BigFunction.module(true)), CoreImports.NONE);
      assertThatThrownBy(() -> Guests.call(instance, "deep", 1))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT));
    }
  }

  @Test
  void theirBodiesSurviveTheCache(@TempDir Path directory) throws Exception {
    EngineOptions options = EngineOptions.defaults().withCache(directory, 1 << 30);
    for (int i = 0; i < 2; i++) {
      try (CoreEngine engine = Engines.endive(options);
          CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
        CoreInstance instance =
            store.instantiate(engine.compile(BigFunction.module(true)), CoreImports.NONE);
        assertThat((int) Guests.call(instance, "small", 9)).isEqualTo(BigFunction.twist(9));
      }
    }
  }

  @Test
  void vectorsPassToTheInterpreterAndBack(@TempDir Path directory) throws Exception {
    byte[] wasm = BigFunction.vectors();
    assertThat(ModuleCompiler.compile(ModuleParser.parse(wasm), false, () -> {}).interpreted())
        .containsExactly(0);
    EngineOptions options = EngineOptions.defaults().withCache(directory, 1 << 30);
    long[] expected = BigFunction.sum(0x0102030480818283L, 0x7fffffff00000001L);
    for (int i = 0; i < 2; i++) {
      try (CoreEngine engine = Engines.endive(options);
          CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
        CoreInstance instance = store.instantiate(engine.compile(wasm), CoreImports.NONE);
        for (String name : new String[] {"sum", "small"}) {
          assertThat(Guests.function(instance, name).call(0x0102030480818283L, 0x7fffffff00000001L))
              .containsExactly(expected);
        }
      }
    }
  }
}

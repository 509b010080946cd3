package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreGlobal;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Vectors pass unharmed wherever values do: two words each, the low half first. */
class VectorsTest {
  private static final CoreExternType.Func TWICE =
      new CoreExternType.Func(List.of(CoreValueType.V128), List.of(CoreValueType.V128));
  private static final String OUT_OF_BOUNDS = "out of bounds memory access";

  private static CoreInstance instantiate(CoreEngine engine, CoreStore store, CoreModule vectors) {
    return instantiate(engine, store, vectors, () -> {});
  }

  /**
   * @param called runs when the guest calls the host
   */
  private static CoreInstance instantiate(
      CoreEngine engine, CoreStore store, CoreModule vectors, Runnable called) {
    CoreInstance globals =
        store.instantiate(Guests.compile(engine, "vector-globals"), CoreImports.NONE);
    CoreFunction twice =
        CoreFunction.host(
            TWICE,
            words -> {
              called.run();
              return new long[] {2 * words[0], 2 * words[1]};
            });
    return store.instantiate(
        vectors, (from, name) -> name.equals("twice") ? twice : globals.export(name));
  }

  private static void with(Guests.Kind kind, Consumer<CoreInstance> test) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      test.accept(instantiate(engine, store, Guests.compile(engine, "vectors")));
    }
  }

  private static long[] call(CoreInstance instance, String name, long... words) {
    return Guests.function(instance, name).call(words);
  }

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void passThroughCallsLocalsAndBranches(Guests.Kind kind) {
    with(
        kind,
        instance -> {
          assertThat(call(instance, "swap", 1, 2, 3, 4, 5)).containsExactly(4, 5, 3, 1, 2);
          assertThat(call(instance, "tail", 1, 2, 3, 4, 5)).containsExactly(4, 5, 3, 1, 2);
          assertThat(call(instance, "locals", 10, 1, 2, 20)).containsExactly(0, 0, 1, 2, 1, 2, 30);
          assertThat(call(instance, "select", 1, 2, 3, 4, 1)).containsExactly(1, 2, 1, 2);
          assertThat(call(instance, "select", 1, 2, 3, 4, 0)).containsExactly(3, 4, 3, 4);
          assertThat(call(instance, "drop", 1, 2)).containsExactly(5);
          assertThat(call(instance, "branches", 1, 3, 4)).containsExactly(32, 96);
          assertThat(call(instance, "table", 0)).containsExactly(1, 1);
          assertThat(call(instance, "table", 1)).containsExactly(2, 2);
          assertThat(call(instance, "if", 1, 2, 1)).containsExactly(1, 2);
          assertThat(call(instance, "if", 1, 2, 0)).containsExactly(9, 9);
          assertThat(call(instance, "host", 10, 20)).containsExactly(21, 42);
          assertThatThrownBy(() -> call(instance, "drop", 1))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage("arguments: 1 (expected: 2)");
        });
  }

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void callsOfAnotherTypeTrap(Guests.Kind kind) {
    with(
        kind,
        instance -> {
          assertThat(call(instance, "pair", 1, 2)).containsExactly(2, 1);
          assertThatThrownBy(() -> call(instance, "confused", 1, 2, 2))
              .isInstanceOf(TrapException.class)
              .hasMessageContaining("indirect call type mismatch");
        });
    with(
        kind,
        instance ->
            assertThatThrownBy(() -> call(instance, "trapping", 1))
                .isInstanceOf(TrapException.class)
                .hasMessageContaining("indirect call type mismatch"));
  }

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void areLoadedAndStored(Guests.Kind kind) {
    with(
        kind,
        instance -> {
          CoreMemory memory = (CoreMemory) Guests.extern(instance, "memory");
          call(instance, "store", 1000, 0x8786858483828180L, 0x8f8e8d8c8b8a8988L);
          assertThat(memory.getByte(1008)).isEqualTo((byte) 0x80);
          assertThat(memory.getByte(1023)).isEqualTo((byte) 0x8f);
          assertThat(call(instance, "load", 1009))
              .containsExactly(0x8887868584838281L, 0x008f8e8d8c8b8a89L);
          assertThat(call(instance, "load-lane", 1006, 1, 2))
              .containsExactly(1, 0x0000000081800002L);
          assertThat(call(instance, "load-splat", 1004))
              .containsExactly(0x8382818083828180L, 0x8382818083828180L);
          assertThat(call(instance, "load-extend", 1008))
              .containsExactly(0xff83ff82ff81ff80L, 0xff87ff86ff85ff84L);
          assertThat(call(instance, "load-zero", 1008)).containsExactly(0x83828180L, 0);
          call(instance, "store-lane", 0, 1, 0x55667788L);
          assertThat(memory.getInt(2)).isEqualTo(0x5566);
          for (int i = 0; i < 4096; i++) {
            memory.putInt(4 * i, i);
          }
          assertThat(call(instance, "sum", 4 * 4096)).containsExactly(4096 * 4095 / 2);
        });
  }

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void whatDoesNotFitIsNotStored(Guests.Kind kind) {
    for (int at : new int[] {65536 - 23, 65536 - 16, 65536, -8, -16, -24, Integer.MIN_VALUE}) {
      with(
          kind,
          instance -> {
            CoreMemory memory = (CoreMemory) Guests.extern(instance, "memory");
            assertThatThrownBy(() -> call(instance, "store", at, -1, -1))
                .isInstanceOf(TrapException.class)
                .hasMessageContaining(OUT_OF_BOUNDS);
            assertThat(memory.getLong(65536 - 8)).isZero();
            assertThat(memory.getLong(65536 - 16)).isZero();
            assertThat(memory.getLong(0)).isZero();
          });
    }
    for (int at : new int[] {65536 - 15, -1, -8}) {
      with(
          kind,
          instance ->
              assertThatThrownBy(() -> call(instance, "load", at))
                  .isInstanceOf(TrapException.class)
                  .hasMessageContaining(OUT_OF_BOUNDS));
    }
    with(
        kind,
        instance ->
            assertThatThrownBy(() -> call(instance, "load-lane", 65536 - 3, 1, 2))
                .isInstanceOf(TrapException.class)
                .hasMessageContaining(OUT_OF_BOUNDS));
  }

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void globalsHaveBothHalvesAndGoBackToThem(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore first = engine.newStore(StoreLimits.DEFAULT)) {
      CoreModule vectors = Guests.compile(engine, "vectors");
      CoreInstance instance = instantiate(engine, first, vectors);
      assertThat(call(instance, "globals", 10, 11)).containsExactly(1, 2, 7, 8, 3, 4, 5, 6);
      CoreSnapshot snapshot = first.snapshot();
      assertThat(call(instance, "globals", 20, 21)).containsExactly(1, 2, 7, 8, 10, 11, 10, 11);
      CoreGlobal global = (CoreGlobal) Guests.extern(instance, "mutable");
      assertThat(global.type()).isEqualTo(new CoreExternType.Global(CoreValueType.V128, true));
      assertThat(global.get()).isEqualTo(20);
      assertThat(global.getHigh()).isEqualTo(21);
      first.reset();
      assertThat(call(instance, "globals", 30, 31)).containsExactly(1, 2, 7, 8, 10, 11, 10, 11);
      try (CoreStore second = engine.newStore(StoreLimits.DEFAULT, engine.memory(), snapshot, 1)) {
        CoreInstance other = instantiate(engine, second, vectors);
        assertThat(call(other, "globals", 40, 41)).containsExactly(1, 2, 7, 8, 10, 11, 10, 11);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void loopsOfVectorsAreStopped(Guests.Kind kind) throws Exception {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CountDownLatch begun = new CountDownLatch(1);
      CoreInstance instance =
          instantiate(engine, store, Guests.compile(engine, "vectors"), begun::countDown);
      CompletableFuture<Object> ended =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return call(instance, "endless");
                } catch (TrapException e) {
                  return e.kind();
                }
              });
      assertThat(begun.await(2, TimeUnit.MINUTES)).isTrue();
      store.stop(TrapException.Kind.DEADLINE, "enough");
      assertThat(ended.get(2, TimeUnit.MINUTES)).isEqualTo(TrapException.Kind.DEADLINE);
    }
  }
}

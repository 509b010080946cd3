package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A function that ends in a call is gone when the call is made, whatever runs either of them. */
class TailCallTest {
  private static final int MANY = 100_000;

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void manyOfThemNeedNoStack(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = instance(engine, store, "tail-calls");
      assertThat(Guests.call(instance, "long", MANY)).isEqualTo(MANY * (MANY + 1L) / 2);
      assertThat(Guests.call(instance, "even", MANY)).isEqualTo(1);
      assertThat(Guests.call(instance, "even", MANY + 1)).isZero();
      assertThat(Guests.call(instance, "within", MANY)).isEqualTo(10);
      assertThat(Guests.call(instance, "even_by_table", MANY)).isEqualTo(1);
      assertThat(Guests.call(instance, "two", MANY)).isEqualTo(11);
    }
  }

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void tablesAreLookedAt(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind)) {
      try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
        CoreInstance instance = instance(engine, store, "tail-calls");
        assertThat(Guests.call(instance, "table", 0)).isEqualTo(42);
        assertThat(Guests.call(instance, "table", 2)).isEqualTo(1);
      }
      trap(engine, "uninitialized element", "table", 3);
      trap(engine, "undefined element", "table", 9);
      trap(engine, "indirect call type mismatch", "wrong_type");
    }
  }

  private static void trap(CoreEngine engine, String message, String name, long... arguments) {
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = instance(engine, store, "tail-calls");
      assertThatThrownBy(() -> Guests.call(instance, name, arguments))
          .isInstanceOf(TrapException.class)
          .hasMessageContaining(message);
    }
  }

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void hostReferencesGoInAndComeBack(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = instance(engine, store, "tail-calls");
      for (int times : new int[] {0, 1, 100}) {
        assertThat(Guests.call(instance, "null", times)).isEqualTo(1);
        assertThat((float) Double.longBitsToDouble(Guests.call(instance, "several", times)))
            .isEqualTo(5.5f);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void otherInstancesAreReached(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance provider = instance(engine, store, "tail-calls-in");
      CoreInstance user =
          store.instantiate(
              Guests.compile(engine, "tail-calls-out"), (module, name) -> provider.export(name));
      assertThat(Guests.call(user, "count", 100)).isEqualTo(1100);
      assertThatThrownBy(() -> Guests.call(user, "wrong_type"))
          .isInstanceOf(TrapException.class)
          .hasMessageContaining("indirect call type mismatch");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Guests.Kind.class,
      names = {"COMPILED", "TIERED", "COMPILED_FLAT", "COMPILED_MARKED"})
  void whatTheCalleeThrowsIsNoneOfTheCallersBusiness(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = instance(engine, store, "tail-calls-throw");
      assertThat(Guests.call(instance, "escapes", 31)).isEqualTo(31);
    }
  }

  @Test
  void interpretedAndCompiledFunctionsEndInEachOther() throws Exception {
    try (CoreEngine engine = Guests.engine(Execution.COMPILED);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(engine.compile(BigFunction.tailCalls()), CoreImports.NONE);
      assertThat((int) Guests.call(instance, "small", 9)).isEqualTo(BigFunction.twist(9));
      assertThat((int) Guests.call(instance, "jumps", 9))
          .isEqualTo(BigFunction.twist(BigFunction.twist(9)));
    }
  }

  private static CoreInstance instance(CoreEngine engine, CoreStore store, String name) {
    return store.instantiate(Guests.compile(engine, name), CoreImports.NONE);
  }
}

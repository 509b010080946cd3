package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What lies on the operand stack where an exception is caught stays there, or goes with its block.
 */
class TryTablesTest {
  @ParameterizedTest
  @EnumSource(
      value = Guests.Kind.class,
      names = {"COMPILED", "TIERED", "COMPILED_FLAT", "COMPILED_MARKED"})
  void valuesBelowACatchAreKeptOrDropped(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(Guests.compile(engine, "try-tables"), CoreImports.NONE);
      assertThat(Guests.call(instance, "drops")).isEqualTo(7);
      assertThat(Guests.call(instance, "keeps")).isEqualTo(1007);
      assertThat(Guests.call(instance, "repeats", 4)).isEqualTo(12);
      assertThat(Guests.call(instance, "several", 0)).isEqualTo(10020);
      assertThat(Guests.call(instance, "several", 1)).isEqualTo(10030);
      assertThat(Guests.call(instance, "several", 2)).isEqualTo(10040);
    }
  }

  /** Counting the jumps back to a loop must not lose what is kept for a catch. */
  @ParameterizedTest
  @EnumSource(
      value = Guests.Kind.class,
      names = {"COMPILED", "TIERED", "COMPILED_FLAT", "COMPILED_MARKED"})
  void loopsMayGoOnWhereExceptionsAreCaught(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(Guests.compile(engine, "try-tables"), CoreImports.NONE);
      assertThat(Guests.call(instance, "jumps_back", 1_000)).isEqualTo(500_500 + 7);
    }
  }

  /** Endive 1.0.0 puts what is thrown over what lies below. */
  @ParameterizedTest
  @EnumSource(
      value = Guests.Kind.class,
      names = {"COMPILED", "TIERED", "COMPILED_FLAT", "COMPILED_MARKED"})
  void whatIsThrownDoesNotOverwriteThem(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(Guests.compile(engine, "try-tables"), CoreImports.NONE);
      double sum = Double.longBitsToDouble(Guests.call(instance, "thrown_here"));
      assertThat(Math.round(sum)).isEqualTo(30_030_200_201_001L);
    }
  }

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void throwingANullReferenceIsATrap(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(Guests.compile(engine, "throw-null"), CoreImports.NONE);
      assertThatThrownBy(() -> Guests.call(instance, "throws"))
          .isInstanceOf(TrapException.class)
          .hasMessageContaining("null reference");
    }
  }
}

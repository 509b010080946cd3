package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Structures and arrays do what the specification says, however code runs, within one store. */
class GuestObjectsTest {
  private static void assertTraps(CoreStore store, String message, ThrowingCallable code) {
    assertThatThrownBy(code)
        .isInstanceOfSatisfying(
            TrapException.class, trap -> assertThat(trap.kind()).isEqualTo(Kind.TRAP))
        .hasMessageContaining(message);
    EveryKind.forgive(store);
  }

  @ParameterizedTest
  @EnumSource
  void theyComputeTheSame(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance guest = store.instantiate(Guests.compile(engine, "objects"), CoreImports.NONE);
      assertThat(Guests.call(guest, "tree", 10)).isEqualTo(2036);
      assertThat(Guests.call(guest, "more", 1000)).isEqualTo(1000);
      assertThat(Guests.call(guest, "closure", 3, 4)).isEqualTo(7);
      assertThat((int) Guests.call(guest, "packed")).isEqualTo(-100_000 + 65_535);
      assertThat((int) Guests.call(guest, "bytes")).isEqualTo('s' * 1000 - 56);
      assertThat(Guests.call(guest, "segments")).isEqualTo(1114);
      assertThat(Guests.call(guest, "casts", 0)).isEqualTo(7);
      assertThat(Guests.call(guest, "casts", 1)).isEqualTo(30);
      assertThat((int) Guests.call(guest, "casts", 2)).isEqualTo(-5);
      assertThat(Guests.call(guest, "casts", 3)).isEqualTo(42);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrongTraps(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance guest = store.instantiate(Guests.compile(engine, "objects"), CoreImports.NONE);
      assertTraps(store, "cast failure", () -> Guests.call(guest, "wrong-cast"));
      assertTraps(store, "null structure reference", () -> Guests.call(guest, "null-struct"));
      assertTraps(store, "null array reference", () -> Guests.call(guest, "null-array"));
      assertTraps(store, "null i31 reference", () -> Guests.call(guest, "null-i31"));
      String array = "out of bounds array access";
      assertTraps(store, array, () -> Guests.call(guest, "at", 4));
      assertTraps(store, array, () -> Guests.call(guest, "at", -1));
      assertTraps(store, array, () -> Guests.call(guest, "bounds", 2, 3));
      assertTraps(store, array, () -> Guests.call(guest, "bounds", -1, 2));
      assertTraps(store, array, () -> Guests.call(guest, "bounds", 1, -1));
      assertTraps(store, array, () -> Guests.call(guest, "bounds", 1, Integer.MAX_VALUE));
      String memory = "out of bounds memory access";
      assertTraps(store, memory, () -> Guests.call(guest, "data-bounds", 5, 6));
      assertTraps(store, memory, () -> Guests.call(guest, "data-bounds", -1, 2));
      assertTraps(store, memory, () -> Guests.call(guest, "data-bounds", 1, -1));
      String table = "out of bounds table access";
      assertTraps(store, table, () -> Guests.call(guest, "elem-bounds", 1, 2));
      assertTraps(store, table, () -> Guests.call(guest, "elem-bounds", -1, 2));
      assertTraps(store, table, () -> Guests.call(guest, "elem-bounds", 1, -1));
      Guests.call(guest, "bounds", 4, 0);
      Guests.call(guest, "data-bounds", 10, 0);
      Guests.call(guest, "elem-bounds", 2, 0);
    }
  }

  private static CoreImports exports(CoreInstance provider) {
    return (_, name) -> provider.export(name);
  }

  /** What is of one module is of another by what it is, not by the number that its type has. */
  @ParameterizedTest
  @EnumSource
  void modulesShareThemByTheirTypes(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance provider =
          store.instantiate(Guests.compile(engine, "objects-provider"), CoreImports.NONE);
      CoreInstance user =
          store.instantiate(Guests.compile(engine, "objects-user"), exports(provider));
      assertThat(Guests.call(provider, "read")).isEqualTo(5);
      assertThat(Guests.call(user, "write")).isEqualTo(41);
      assertThat(Guests.call(provider, "read")).isEqualTo(6);
      assertTraps(store, "cast failure", () -> Guests.call(user, "cast"));
      CoreModule misuser = Guests.compile(engine, "objects-misuser");
      assertThatThrownBy(() -> store.instantiate(misuser, exports(provider)))
          .isInstanceOfSatisfying(
              TrapException.class, trap -> assertThat(trap.kind()).isEqualTo(Kind.IMPORT_FAILED))
          .hasMessageContaining("provider.make: incompatible type");
    }
  }

  /** They could be changed by one instance and seen by the next. */
  @Test
  void thereIsNoSnapshotOfThem() {
    try (CoreEngine engine = Guests.engine(Guests.Kind.COMPILED);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      assertThat(store.canSnapshot()).isTrue();
      var _ = store.instantiate(Guests.compile(engine, "objects-many"), CoreImports.NONE);
      assertThat(store.canSnapshot()).isFalse();
      assertThatThrownBy(store::snapshot).isInstanceOf(IllegalStateException.class);
    }
  }
}

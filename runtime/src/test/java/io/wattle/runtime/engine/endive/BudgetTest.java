package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** No guest, and no number of guests, takes more memory than it may. */
class BudgetTest {
  private static final long MIB = 1 << 20;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private CoreEngine engine(long budget) {
    return Engines.endive(EngineOptions.defaults().withMemoryBudget(budget).withMeters(meters));
  }

  private double used() {
    return Objects.requireNonNull(meters.find("wattle.engine.memory.used").gauge()).value();
  }

  @Test
  void growBeyondTheStoresLimitAnswersMinusOne() {
    try (CoreEngine engine = engine(100 * MIB);
        CoreStore store = engine.newStore(new StoreLimits(3 * 65536, 1000, 10))) {
      CoreInstance instance =
          store.instantiate(Guests.compile(engine, "endless"), CoreImports.NONE);
      assertThat((int) Guests.call(instance, "grow", 3)).isEqualTo(-1);
      assertThat(Guests.call(instance, "grow", 2)).isEqualTo(1);
      assertThat((int) Guests.call(instance, "grow", 1)).isEqualTo(-1);
      assertThat(Guests.call(instance, "grow", 0)).isEqualTo(3);
      assertThat((int) Guests.call(instance, "grow", -1)).isEqualTo(-1);
    }
  }

  @Test
  void growBeyondTheBudgetAnswersMinusOne() {
    try (CoreEngine engine = engine(10 * MIB);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(Guests.compile(engine, "endless"), CoreImports.NONE);
      assertThat((int) Guests.call(instance, "grow", 1000)).isEqualTo(-1);
      assertThat(Guests.call(instance, "grow", 10)).isEqualTo(1);
    }
  }

  @Test
  void pagesCountWhenTheyBecomePrivateAndComeBack() {
    try (CoreEngine engine = engine(100 * MIB)) {
      CoreModule module = Guests.compile(engine, "endless");
      double before = used();
      try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
        CoreInstance instance = store.instantiate(module, CoreImports.NONE);
        store.snapshot();
        Guests.call(instance, "grow", 800);
        assertThat(used() - before).isLessThan(MIB);
        Guests.call(instance, "fill_once", 50 * MIB);
        assertThat(store.privateBytes()).isEqualTo(50 * MIB);
        assertThat(used() - before).isBetween(50.0 * MIB, 51.0 * MIB);
        store.reset();
        assertThat(store.privateBytes()).isZero();
        assertThat(used() - before).isLessThan(MIB);
      }
      assertThat(used()).isEqualTo(before);
    }
  }

  @Test
  void aStoreWithoutRoomEndsAsBusyAndTheHostLives() {
    try (CoreEngine engine = engine(64 * MIB)) {
      CoreModule module = Guests.compile(engine, "endless");
      List<CoreStore> stores = new ArrayList<>();
      int busy = 0;
      try {
        // Each inside its limit, all together far over the heap: 32 x 50 MiB.
        for (int i = 0; i < 32; i++) {
          CoreStore store = engine.newStore(StoreLimits.DEFAULT);
          stores.add(store);
          try {
            CoreInstance instance = store.instantiate(module, CoreImports.NONE);
            Guests.call(instance, "grow", 3 * 16);
            Guests.call(instance, "fill_once", 3 * MIB);
          } catch (TrapException e) {
            assertThat(e.kind()).isIn(Kind.BUSY, Kind.TRAP);
            busy++;
          }
        }
        assertThat(busy).isBetween(8, 14);
        assertThat(used()).isLessThanOrEqualTo(64.0 * MIB);
      } finally {
        stores.forEach(CoreStore::close);
      }
      assertThat(used()).isZero();
    }
  }

  @Test
  void guestsThatGrewCheaplyCannotDirtyMoreThanThereIs() {
    try (CoreEngine engine = engine(64 * MIB);
        CoreStore one = engine.newStore(StoreLimits.DEFAULT);
        CoreStore two = engine.newStore(StoreLimits.DEFAULT)) {
      CoreModule module = Guests.compile(engine, "endless");
      CoreInstance a = one.instantiate(module, CoreImports.NONE);
      CoreInstance b = two.instantiate(module, CoreImports.NONE);
      assertThat(Guests.call(a, "grow", 800)).isEqualTo(1);
      assertThat(Guests.call(b, "grow", 800)).isEqualTo(1);
      Guests.call(a, "fill_once", 50 * MIB);
      assertThatThrownBy(() -> Guests.call(b, "fill_once", 50 * MIB))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY))
          .hasMessageContaining("memory budget");
      assertThat(Guests.call(a, "answer")).isEqualTo(42);
    }
  }

  @Test
  void instantiationBeyondTheBudgetIsBusy() {
    try (CoreEngine engine = engine(1000);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreModule module = Guests.compile(engine, "endless");
      assertThatThrownBy(() -> store.instantiate(module, CoreImports.NONE))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY));
    }
  }

  @Test
  void instancesAndTableElementsHaveLimits() {
    try (CoreEngine engine = engine(100 * MIB);
        CoreStore store = engine.newStore(new StoreLimits(10 * MIB, 20, 2))) {
      CoreModule module = Guests.compile(engine, "state");
      CoreInstance first = store.instantiate(module, CoreImports.NONE);
      assertThat(Guests.call(first, "elements")).isEqualTo(3);
      // 20 elements are allowed: 3 + 3, and "dirty" asks for 10 more, then for 10 too many.
      store.instantiate(module, CoreImports.NONE);
      Guests.call(first, "dirty");
      assertThat(Guests.call(first, "elements")).isEqualTo(13);
      Guests.call(first, "grow_table");
      assertThat(Guests.call(first, "elements")).isEqualTo(13);
      assertThatThrownBy(() -> store.instantiate(module, CoreImports.NONE))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT));
    }
  }

  @Test
  void aSnapshotsPagesStayInTheBudgetAsLongAsItLives() {
    try (CoreEngine engine = engine(100 * MIB)) {
      CoreStore store = engine.newStore(StoreLimits.DEFAULT);
      CoreInstance instance =
          store.instantiate(Guests.compile(engine, "endless"), CoreImports.NONE);
      Guests.call(instance, "grow", 160);
      Guests.call(instance, "fill_once", 10 * MIB);
      CoreSnapshot snapshot = store.snapshot();
      assertThat(snapshot.bytes()).isEqualTo(10 * MIB);
      assertThat(store.privateBytes()).isZero();
      store.close();
      assertThat(used()).isEqualTo(10.0 * MIB);
      assertThat(snapshot.bytes()).isEqualTo(10 * MIB);
    }
  }
}

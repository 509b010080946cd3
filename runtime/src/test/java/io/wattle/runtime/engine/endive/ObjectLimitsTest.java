package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Structures and arrays take no more of the host's heap than the store may, and give it back. */
class ObjectLimitsTest {
  private static final long MIB = 1 << 20;

  /** What one element of the guest's list counts for: the object and two arrays of one element. */
  private static final int LINK = 32 + (24 + 8) + (24 + 4);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private CoreEngine engine(Execution execution) {
    return Engines.endive(
        EngineOptions.defaults()
            .withExecution(execution)
            .withMemoryBudget(100 * MIB)
            .withMeters(meters));
  }

  private double used() {
    return Objects.requireNonNull(meters.find("wattle.engine.memory.used").gauge()).value();
  }

  private static StoreLimits limits(long bytes) {
    return new StoreLimits(bytes, 1000, 10);
  }

  private static CoreInstance guest(CoreEngine engine, CoreStore store) {
    return store.instantiate(Guests.compile(engine, "objects"), CoreImports.NONE);
  }

  private static void assertLimit(String message, ThrowingCallable code) {
    assertThatThrownBy(code)
        .isInstanceOfSatisfying(
            TrapException.class, trap -> assertThat(trap.kind()).isEqualTo(Kind.LIMIT))
        .hasMessageContaining(message)
        .hasMessageContaining("the store's limit");
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPILED", "INTERPRETED"})
  void garbageGoesOnForEver(Execution execution) {
    try (CoreEngine engine = engine(execution);
        CoreStore store = engine.newStore(limits(16 * MIB))) {
      CoreInstance guest = guest(engine, store);
      Guests.call(guest, "garbage", 8000); // some 48 MiB
      assertThat(used()).isLessThan(17 * MIB);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPILED", "INTERPRETED"})
  void whatIsDroppedComesBackAndWhatIsKeptTraps(Execution execution) {
    try (CoreEngine engine = engine(execution);
        CoreStore store = engine.newStore(limits(4 * MIB))) {
      CoreInstance guest = guest(engine, store);
      int most = (int) (3 * MIB / LINK);
      for (int i = 0; i < 3; i++) {
        assertThat(Guests.call(guest, "more", most)).isEqualTo(most);
        Guests.call(guest, "drop");
      }
      assertThat(Guests.call(guest, "more", most)).isEqualTo(most);
      assertLimit("bytes of objects", () -> Guests.call(guest, "more", most));
    }
  }

  /** Fills a store until it traps; what it had. */
  private WeakReference<Object> filled(CoreEngine engine, CoreModule module) {
    try (CoreStore store = engine.newStore(limits(8 * MIB))) {
      CoreInstance guest = store.instantiate(module, CoreImports.NONE);
      assertLimit("bytes of objects", () -> Guests.call(guest, "endless"));
      assertThat(used()).isGreaterThan(7 * MIB);
      GuestGlobal all = (GuestGlobal) Guests.extern(guest, "all");
      return new WeakReference<>(Objects.requireNonNull(all.getRefValue()));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPILED", "INTERPRETED"})
  void aListWithoutEndTrapsAndLeavesNothing(Execution execution) {
    try (CoreEngine engine = engine(execution)) {
      CoreModule module = Guests.compile(engine, "objects");
      double before = used();
      WeakReference<Object> list = filled(engine, module);
      assertThat(used()).isEqualTo(before);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                System.gc();
                return list.get() == null;
              });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 20, 2_000_000_000, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
  void largeArraysTrapAtOnce(int length) {
    for (Execution execution : new Execution[] {Execution.COMPILED, Execution.INTERPRETED}) {
      try (CoreEngine engine = engine(execution);
          CoreStore store = engine.newStore(limits(8 * MIB))) {
        CoreInstance guest = guest(engine, store);
        assertLimit("bytes of objects", () -> Guests.call(guest, "giant", length));
        EveryKind.forgive(store);
        assertLimit("bytes of objects", () -> Guests.call(guest, "giant-default", length));
      }
    }
  }

  /** Each is an object of Java, which nothing but the array refers to. */
  @Test
  void smallNumbersCount() {
    try (CoreEngine engine = engine(Execution.COMPILED);
        CoreStore store = engine.newStore(limits(4 * MIB))) {
      CoreInstance guest = guest(engine, store);
      assertThat(Guests.call(guest, "numbers", 100_000)).isEqualTo(100_000);
      assertThat(used()).isGreaterThan(20 * 100_000);
      assertLimit("bytes of objects", () -> Guests.call(guest, "numbers", 200_000));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPILED", "INTERPRETED"})
  void linearMemoryHasTheSameLimit(Execution execution) {
    try (CoreEngine engine = engine(execution);
        CoreStore store = engine.newStore(limits(4 * MIB))) {
      CoreInstance guest = guest(engine, store);
      int most = (int) (3 * MIB / LINK);
      assertThat(Guests.call(guest, "more", most)).isEqualTo(most);
      assertThat((int) Guests.call(guest, "grow", 32)).isEqualTo(-1);
      Guests.call(guest, "drop");
      assertThat(Guests.call(guest, "grow", 32)).isEqualTo(1);
      assertLimit("linear memory", () -> Guests.call(guest, "more", most));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPILED", "INTERPRETED"})
  void constantExpressionsAreCharged(Execution execution) {
    try (CoreEngine engine = engine(execution)) {
      CoreModule giant = Guests.compile(engine, "objects-giant");
      CoreModule many = Guests.compile(engine, "objects-many");
      double before = used();
      try (CoreStore store = engine.newStore(limits(8 * MIB))) {
        assertLimit("bytes of objects", () -> store.instantiate(giant, CoreImports.NONE));
      }
      try (CoreStore store = engine.newStore(limits(2 * MIB))) {
        assertLimit("bytes of objects", () -> store.instantiate(many, CoreImports.NONE));
      }
      assertThat(used()).isEqualTo(before);
      try (CoreStore store = engine.newStore(limits(8 * MIB))) {
        var _ = store.instantiate(many, CoreImports.NONE);
        assertThat(used() - before).isGreaterThan(4 * 8 * 100_000);
      }
    }
  }

  @Test
  void theBudgetOfAllEndsItToo() {
    try (CoreEngine engine = engine(Execution.COMPILED);
        CoreStore store = engine.newStore(limits(1 << 30))) {
      CoreInstance guest = guest(engine, store);
      assertThatThrownBy(() -> Guests.call(guest, "giant", 100 * (int) MIB / 8))
          .isInstanceOfSatisfying(
              TrapException.class, trap -> assertThat(trap.kind()).isEqualTo(Kind.BUSY))
          .hasMessageContaining("memory budget");
    }
  }
}

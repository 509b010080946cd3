package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.EngineOptions.Memory;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is used much gets flat memories, as far as there is room, and means the same. */
class HotTest {
  private static final long MIB = 1 << 20;
  private static final int HOT = 3;
  private static final int KEPT = 2;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HeldCompiler compiler = new HeldCompiler();

  private EngineOptions options(long budget) {
    return EngineOptions.defaults()
        .withMemoryBudget(budget)
        .withMeters(meters)
        .withCompiler(compiler)
        .withHotAfter(HOT);
  }

  /** A module and the snapshot of an instance of it. */
  private record Snapshotted(CoreEngine engine, CoreModule module, CoreSnapshot snapshot) {
    static Snapshotted of(CoreEngine engine, String name) {
      CoreModule module = Guests.compile(engine, name);
      try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
        store.instantiate(module, CoreImports.NONE);
        return new Snapshotted(engine, module, store.snapshot());
      }
    }

    CoreStore store() {
      return engine.newStore(StoreLimits.DEFAULT, engine.memory(), snapshot, KEPT);
    }

    CoreInstance instance(CoreStore store) {
      return store.instantiate(module, CoreImports.NONE);
    }

    /** Uses it so often that it is hot. */
    Snapshotted heat() {
      for (int i = 0; i <= HOT; i++) {
        try (CoreStore store = store()) {
          assertThat(store.isDear()).isFalse();
          assertThat(Guests.call(instance(store), "load", 16)).isEqualTo(0x69746361L);
        }
      }
      return this;
    }
  }

  private double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  @Test
  void aHotSnapshotsStoresAreFlatAndEqualAndReset() {
    try (CoreEngine engine = Engines.endive(options(100 * MIB))) {
      Snapshotted hot = Snapshotted.of(engine, "state").heat();
      try (CoreStore pages = hot.store()) {
        assertThat(pages.isDear()).isFalse();
        hot.instance(pages);
        assertThat(pages.takeUp()).isTrue();
        assertThat(gauge("wattle.engine.modules.second")).isZero();
        compiler.release();
        assertThat(gauge("wattle.engine.modules.second")).isEqualTo(1);
        assertThat(pages.takeUp()).isFalse();
      }
      try (CoreStore flat = hot.store()) {
        assertThat(flat.isDear()).isTrue();
        CoreInstance instance = hot.instance(flat);
        assertThat(flat.privateBytes()).isEqualTo(2 * 65536);
        assertThat(gauge("wattle.engine.memory.flat")).isEqualTo(2 * 65536);
        for (int i = 0; i < 3; i++) {
          assertThat(Guests.call(instance, "load", 16)).isEqualTo(0x69746361L);
          assertThat(Guests.call(instance, "pages")).isEqualTo(2);
          assertThat(Guests.call(instance, "load", 65534)).isZero();
          Guests.call(instance, "dirty");
          assertThat(Guests.call(instance, "pages")).isEqualTo(5);
          assertThat(Guests.call(instance, "load", 300000)).isEqualTo(5);
          flat.reset();
          assertThat(flat.takeUp()).isTrue();
        }
        assertThatThrownBy(() -> Guests.call(instance, "load", 2 * 65536 - 3))
            .isInstanceOf(TrapException.class)
            .hasMessageContaining("out of bounds memory access");
        assertThat(flat.poisoned()).isTrue();
      }
      assertThat(gauge("wattle.engine.memory.flat")).isZero();
    }
  }

  @Test
  void noMoreAreFlatThanAreKeptAndTheOthersHavePages() {
    try (CoreEngine engine = Engines.endive(options(100 * MIB))) {
      Snapshotted hot = Snapshotted.of(engine, "state").heat();
      compiler.release();
      List<CoreStore> stores = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        CoreStore store = hot.store();
        stores.add(store);
        Guests.call(hot.instance(store), "dirty");
      }
      assertThat(stores.stream().map(CoreStore::isDear))
          .startsWith(true, true, false)
          .filteredOn(dear -> dear)
          .hasSize(KEPT);
      // One that is thrown away may be replaced, but not again and again without being used.
      for (int i = 0; i < 10; i++) {
        stores.getFirst().close();
        stores.set(0, hot.store());
        hot.instance(stores.getFirst());
      }
      assertThat(stores.getFirst().isDear()).isFalse();
      stores.forEach(CoreStore::close);
      assertThat(gauge("wattle.engine.memory.flat")).isZero();
    }
  }

  @Test
  void whatWaitsForItsNextUseGivesWayToWhoeverNeedsRoom() {
    try (CoreEngine engine = Engines.endive(options(4 * MIB));
        CoreStore needy = engine.newStore(StoreLimits.DEFAULT)) {
      Snapshotted hot = Snapshotted.of(engine, "state").heat();
      compiler.release();
      CoreInstance large = needy.instantiate(Guests.compile(engine, "endless"), CoreImports.NONE);
      try (CoreStore waits = hot.store();
          CoreStore runs = hot.store()) {
        hot.instance(waits);
        CoreInstance running = hot.instance(runs);
        waits.reset();
        assertThat(gauge("wattle.engine.memory.flat")).isEqualTo(4 * 65536);
        long left = 7 * engine.memory().capacity() / 8 - engine.memory().used();
        int pages = (int) (left / 65536) + 1;
        assertThat(Guests.call(large, "grow", pages)).isEqualTo(1);
        Guests.call(large, "fill_once", (pages + 1) * 65536L);
        assertThat(gauge("wattle.engine.memory.flat")).isEqualTo(2 * 65536);
        assertThat(waits.takeUp()).isFalse();
        assertThatThrownBy(waits::reset).isInstanceOf(IllegalStateException.class);
        assertThat(Guests.call(running, "load", 16)).isEqualTo(0x69746361L);
      }
      try (CoreStore now = hot.store()) {
        assertThat(now.isDear()).isFalse();
        assertThat(Guests.call(hot.instance(now), "load", 16)).isEqualTo(0x69746361L);
      }
      assertThat(gauge("wattle.engine.memory.flat")).isZero();
    }
  }

  @Test
  void aCallAfterTheMemoryWasGivenAwayIsBusy() {
    try (CoreEngine engine = Engines.endive(options(4 * MIB))) {
      Snapshotted hot = Snapshotted.of(engine, "state").heat();
      compiler.release();
      try (CoreStore store = hot.store()) {
        CoreInstance instance = hot.instance(store);
        store.reset();
        assertThat(engine.memory().tryTake(4 * MIB, 0)).isFalse();
        assertThatThrownBy(() -> Guests.call(instance, "load", 16))
            .isInstanceOfSatisfying(
                TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY));
      }
      assertThat(gauge("wattle.engine.memory.flat")).isZero();
      assertThat(gauge("wattle.engine.memory.used"))
          .isEqualTo((double) ((EndiveSnapshot) hot.snapshot).bytes());
    }
  }

  @Test
  void nothingIsFlatWithoutAmpleRoomOrWhereItIsOff() {
    for (EngineOptions each :
        List.of(
            options(MIB / 2 - 1), // a quarter is less than its memory of 128 KiB
            options(100 * MIB).withHotAfter(0),
            options(100 * MIB).withExecution(Execution.INTERPRETED))) {
      try (CoreEngine engine = Engines.endive(each)) {
        Snapshotted cold = Snapshotted.of(engine, "state").heat();
        compiler.release();
        List<CoreStore> stores = List.of(cold.store(), cold.store());
        stores.forEach(cold::instance);
        assertThat(stores.getLast().isDear()).isFalse();
        stores.forEach(CoreStore::close);
      }
    }
    try (CoreEngine engine = Engines.endive(options(100 * MIB).withMemory(Memory.FLAT))) {
      Snapshotted.of(engine, "state").heat();
      assertThat(compiler.held()).isZero();
    }
  }

  @Test
  void theSecondCodeIsMadeOfWhatIsOnDisk(@TempDir Path directory) throws Exception {
    for (boolean kept : List.of(true, false)) {
      try (CoreEngine engine = Engines.endive(options(100 * MIB).withCache(directory, 1 << 30))) {
        Snapshotted hot = Snapshotted.of(engine, "state").heat();
        if (!kept) {
          try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
              Files.delete(file);
            }
          }
        }
        compiler.release();
        try (CoreStore store = hot.store()) {
          assertThat(store.isDear()).isEqualTo(kept);
          assertThat(Guests.call(hot.instance(store), "load", 16)).isEqualTo(0x69746361L);
        }
      }
    }
  }

  @Test
  void whatIsInterpretedStillGetsNoneBeforeItIsCompiled() {
    try (CoreEngine engine = Engines.endive(options(100 * MIB).withExecution(Execution.TIERED))) {
      CoreModule module = Guests.compile(engine, "provider");
      CoreSnapshot snapshot;
      try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
        store.instantiate(module, CoreImports.NONE);
        snapshot = store.snapshot();
      }
      Snapshotted hot = new Snapshotted(engine, module, snapshot);
      for (boolean flat : List.of(false, true)) {
        for (int i = 0; i <= HOT; i++) {
          try (CoreStore store = hot.store()) {
            assertThat(store.isDear()).isFalse();
            assertThat(Guests.call(hot.instance(store), "call", 0)).isEqualTo(23);
          }
        }
        // First the code itself, then the second.
        compiler.release();
        try (CoreStore store = hot.store()) {
          assertThat(store.isDear()).isEqualTo(flat);
          assertThat(Guests.call(hot.instance(store), "call", 0)).isEqualTo(23);
        }
      }
    }
  }

  private static final CoreExternType.Func HOST =
      new CoreExternType.Func(List.of(CoreValueType.I32), List.of(CoreValueType.I32));

  private static CoreInstance user(CoreEngine engine, CoreStore store, CoreInstance provider) {
    return store.instantiate(
        Guests.compile(engine, "user"),
        (from, name) -> from.equals("p") ? provider.export(name) : CoreFunction.host(HOST, a -> a));
  }

  @Test
  void instancesThatShareAMemoryAndATableAreOfOneKind() {
    try (CoreEngine engine = Engines.endive(options(100 * MIB));
        CoreStore first = engine.newStore(StoreLimits.DEFAULT)) {
      CoreModule module = Guests.compile(engine, "provider");
      user(engine, first, first.instantiate(module, CoreImports.NONE));
      CoreSnapshot snapshot = first.snapshot();
      for (int i = 0; i <= HOT; i++) {
        engine.newStore(StoreLimits.DEFAULT, engine.memory(), snapshot, KEPT).close();
      }
      compiler.release();
      assertThat(gauge("wattle.engine.modules.second")).isEqualTo(2);
      try (CoreStore store =
          engine.newStore(StoreLimits.DEFAULT, engine.memory(), snapshot, KEPT)) {
        assertThat(store.isDear()).isTrue();
        CoreInstance provider = store.instantiate(module, CoreImports.NONE);
        CoreInstance user = user(engine, store, provider);
        for (int round = 0; round < 3; round++) {
          assertThat(Guests.call(provider, "peek", 8)).isZero();
          Guests.call(user, "poke", 8, 1234);
          Guests.call(user, "init");
          assertThat(Guests.call(provider, "peek", 8)).isEqualTo(1234);
          assertThat(Guests.call(provider, "peek", 100)).isEqualTo(0x6c6c6568L);
          for (CoreInstance asked : List.of(provider, user)) {
            String function = asked.equals(provider) ? "call" : "indirect";
            assertThat(Guests.call(asked, function, 0)).isEqualTo(23);
            assertThat(Guests.call(asked, function, 1)).isEqualTo(17);
            assertThat(Guests.call(asked, function, 2)).isEqualTo(23);
          }
          store.reset();
        }
        assertThatThrownBy(() -> user(engine, engine.newStore(StoreLimits.DEFAULT), provider))
            .isInstanceOf(TrapException.class)
            .hasMessageContaining("a memory of another store");
      }
    }
  }

  @Test
  void oftenOrLongWithinAWhileIsHot() {
    AtomicLong now = new AtomicLong();
    Heat heat = new Heat(HOT, now::get);
    for (int i = 0; i < 20; i++) {
      heat.ended(heat.used());
      now.addAndGet(Duration.ofSeconds(6).toNanos());
      assertThat(heat.isHot()).isFalse();
    }
    heat.used();
    heat.used();
    assertThat(heat.isHot()).isFalse();
    heat.used();
    assertThat(heat.isHot()).isTrue();
    now.addAndGet(Duration.ofSeconds(11).toNanos());
    long began = heat.used();
    assertThat(heat.isHot()).isFalse();
    now.addAndGet(Duration.ofSeconds(2).toNanos());
    heat.ended(began);
    assertThat(heat.isHot()).isTrue();
  }

  @Test
  void whatWasNotUsedForAWhileMakesRoomForOthers() {
    AtomicLong now = new AtomicLong();
    try (CoreEngine engine = new EndiveEngine(options(4 * 3 * 65536), MemoryKind.PAGED, now::get)) {
      Snapshotted one = Snapshotted.of(engine, "state").heat();
      Snapshotted other = Snapshotted.of(engine, "state").heat();
      compiler.release();
      try (CoreStore first = one.store()) {
        assertThat(first.isDear()).isTrue();
        one.instance(first);
        first.reset();
        for (boolean expected : List.of(false, false, true)) {
          now.addAndGet(Duration.ofSeconds(2).toNanos());
          try (CoreStore second = other.store()) {
            assertThat(second.isDear()).isEqualTo(expected);
            other.instance(second);
          }
        }
        assertThat(first.takeUp()).isFalse();
      }
    }
  }
}

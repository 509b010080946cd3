package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every instance starts as the first one did, whatever others did before. */
class StateTest {
  private static final long LITTLE_ENDIAN_ACTI = 0x69746361L;

  private static void assertFresh(CoreInstance instance) {
    assertThat(Guests.call(instance, "get_g")).isEqualTo(7);
    assertThat(Double.longBitsToDouble(Guests.call(instance, "private"))).isEqualTo(1.5);
    assertThat(Guests.call(instance, "pages")).isEqualTo(2);
    assertThat(Guests.call(instance, "elements")).isEqualTo(3);
    assertThat(Guests.call(instance, "load", 16)).isEqualTo(LITTLE_ENDIAN_ACTI);
    assertThat(Guests.call(instance, "load", 32)).isZero();
    assertThat(Guests.call(instance, "load", 65534)).isZero();
    assertThat(Guests.call(instance, "load", 65538)).isZero();
    assertThat(Guests.call(instance, "call", 0)).isEqualTo(1);
    assertThat(Guests.call(instance, "call", 1)).isEqualTo(2);
    CoreMemory memory = (CoreMemory) Guests.extern(instance, "memory");
    assertThat(memory.byteSize()).isEqualTo(2 * 65536);
    byte[] all = new byte[2 * 65536];
    memory.read(0, all, 0, all.length);
    int sum = 0;
    for (byte b : all) {
      sum += b;
    }
    assertThat(sum).isEqualTo(IntStream.of('a', 'c', 't', 'i', 'v', 'e').sum());
  }

  /** Also that segments are there again. Leaves its marks, so it comes last. */
  private static void assertSegmentsWork(CoreInstance instance) {
    Guests.call(instance, "init_memory");
    assertThat(Guests.call(instance, "load", 64)).isEqualTo(0x73736170L);
    Guests.call(instance, "init_table");
    assertThat(Guests.call(instance, "call", 2)).isEqualTo(3);
  }

  private static void assertDirty(CoreInstance instance) {
    assertThat(Guests.call(instance, "get_g")).isEqualTo(99);
    assertThat(Guests.call(instance, "pages")).isEqualTo(5);
    assertThat(Guests.call(instance, "elements")).isEqualTo(13);
    assertThat(Guests.call(instance, "load", 16)).isEqualTo(-1);
    assertThat(Guests.call(instance, "load", 65538)).isEqualTo(-1);
    assertThat(Guests.call(instance, "load", 300000)).isEqualTo(5);
    assertThat(Guests.call(instance, "call", 0)).isEqualTo(2);
    assertThat(Guests.call(instance, "call", 2)).isEqualTo(3);
    assertThat(Guests.call(instance, "call", 12)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void newInstancesShareNothingButTheModule(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how)) {
      CoreModule module = Guests.compile(engine, "state");
      for (int i = 0; i < 3; i++) {
        try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
          CoreInstance instance = store.instantiate(module, CoreImports.NONE);
          assertFresh(instance);
          Guests.call(instance, "dirty");
          assertDirty(instance);
          assertThatThrownBy(() -> Guests.call(instance, "trap"))
              .isInstanceOf(TrapException.class)
              .hasMessageContaining("unreachable");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void droppedSegmentsAreGoneUntilReset(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = store.instantiate(Guests.compile(engine, "state"), CoreImports.NONE);
      store.snapshot();
      for (int i = 0; i < 3; i++) {
        Guests.call(instance, "dirty");
        assertDirty(instance);
        store.reset();
        assertFresh(instance);
        assertSegmentsWork(instance);
        store.reset();
        assertFresh(instance);
      }
      Guests.call(instance, "dirty");
      assertThatThrownBy(() -> Guests.call(instance, "init_memory"))
          .isInstanceOf(TrapException.class)
          .hasMessageContaining("out of bounds memory access");
      assertThatThrownBy(store::reset).isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void storesOfASnapshotAreEqualAndApart(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore first = engine.newStore(StoreLimits.DEFAULT)) {
      CoreModule module = Guests.compile(engine, "state");
      CoreInstance original = first.instantiate(module, CoreImports.NONE);
      CoreSnapshot fresh = first.snapshot();
      Guests.call(original, "dirty");
      CoreSnapshot used = first.snapshot();
      try (CoreStore a = engine.newStore(StoreLimits.DEFAULT, fresh);
          CoreStore b = engine.newStore(StoreLimits.DEFAULT, used);
          CoreStore c = engine.newStore(StoreLimits.DEFAULT, fresh)) {
        CoreInstance fromFresh = a.instantiate(module, CoreImports.NONE);
        CoreInstance fromUsed = b.instantiate(module, CoreImports.NONE);
        CoreInstance another = c.instantiate(module, CoreImports.NONE);
        assertFresh(fromFresh);
        assertDirty(fromUsed);
        Guests.call(fromFresh, "dirty");
        assertDirty(fromFresh);
        assertFresh(another);
        assertSegmentsWork(another);
        a.reset();
        assertFresh(fromFresh);
        b.reset();
        assertDirty(fromUsed);
        assertDirty(original);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void startFunctionsDoNotRunAgain(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore first = engine.newStore(StoreLimits.DEFAULT)) {
      AtomicInteger started = new AtomicInteger();
      CoreFunction host =
          CoreFunction.host(
              new CoreExternType.Func(List.of(), List.of()),
              a -> {
                started.incrementAndGet();
                return new long[0];
              });
      CoreModule module = Guests.compile(engine, "start");
      first.instantiate(module, (m, n) -> host);
      try (CoreStore second = engine.newStore(StoreLimits.DEFAULT, first.snapshot())) {
        CoreInstance instance = second.instantiate(module, (m, n) -> host);
        assertThat(((CoreMemory) Guests.extern(instance, "memory")).getInt(0)).isEqualTo(77);
        assertThat(started).hasValue(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSnapshotsModulesComeInItsOrder(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore first = engine.newStore(StoreLimits.DEFAULT)) {
      first.instantiate(Guests.compile(engine, "state"), CoreImports.NONE);
      CoreModule other = Guests.compile(engine, "provider");
      try (CoreStore second = engine.newStore(StoreLimits.DEFAULT, first.snapshot())) {
        assertThatThrownBy(() -> second.instantiate(other, CoreImports.NONE))
            .hasStackTraceContaining("same order");
      }
    }
  }

  /** References between instances are rebound to the new graph's instances. */
  @ParameterizedTest
  @EnumSource
  void tablesOfARebuiltGraphCallTheNewGraph(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore first = engine.newStore(StoreLimits.DEFAULT)) {
      CoreModule provider = Guests.compile(engine, "provider");
      CoreModule user = Guests.compile(engine, "user");
      CoreFunction host =
          CoreFunction.host(
              new CoreExternType.Func(
                  List.of(io.wattle.runtime.engine.CoreValueType.I32),
                  List.of(io.wattle.runtime.engine.CoreValueType.I32)),
              a -> a);
      CoreInstance p1 = first.instantiate(provider, CoreImports.NONE);
      CoreInstance u1 = first.instantiate(user, (m, n) -> m.equals("p") ? p1.export(n) : host);
      try (CoreStore second = engine.newStore(StoreLimits.DEFAULT, first.snapshot())) {
        CoreInstance p2 = second.instantiate(provider, CoreImports.NONE);
        CoreInstance u2 = second.instantiate(user, (m, n) -> m.equals("p") ? p2.export(n) : host);
        assertThat(Guests.call(p2, "call", 0)).isEqualTo(23);
        assertThat(Guests.call(p2, "call", 1)).isEqualTo(17);
        assertThat(Guests.call(u2, "indirect", 2)).isEqualTo(23);
        Guests.call(u2, "poke", 8, 5);
        assertThat(Guests.call(p2, "peek", 8)).isEqualTo(5);
        assertThat(Guests.call(p1, "peek", 8)).isZero();
        assertThat(Guests.call(u2, "bump")).isEqualTo(6);
        assertThat(Guests.call(u1, "bump")).isEqualTo(6);
        second.reset();
        assertThat(Guests.call(p2, "peek", 8)).isZero();
        assertThat(Guests.call(u2, "bump")).isEqualTo(6);
        assertThat(Guests.call(p2, "call", 1)).isEqualTo(17);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyThreadsEachWithAStoreOfTheSameSnapshot(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore first = engine.newStore(StoreLimits.DEFAULT)) {
      CoreModule module = Guests.compile(engine, "state");
      first.instantiate(module, CoreImports.NONE);
      CoreSnapshot snapshot = first.snapshot();
      List<CompletableFuture<Void>> all =
          IntStream.range(0, 8)
              .mapToObj(
                  t ->
                      CompletableFuture.runAsync(
                          () -> {
                            for (int i = 0; i < 20; i++) {
                              try (CoreStore store =
                                  engine.newStore(StoreLimits.DEFAULT, snapshot)) {
                                CoreInstance mine = store.instantiate(module, CoreImports.NONE);
                                assertFresh(mine);
                                Guests.call(mine, "dirty");
                                assertDirty(mine);
                                store.reset();
                                assertFresh(mine);
                              }
                            }
                          }))
              .toList();
      all.forEach(CompletableFuture::join);
    }
  }
}

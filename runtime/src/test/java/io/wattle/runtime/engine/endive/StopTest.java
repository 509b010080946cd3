package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import io.wattle.runtime.engine.endive.split.Splitter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a guest does, another thread can end it. */
class StopTest {
  static Stream<Arguments> endless() {
    List<String> withMemory =
        List.of(
            "loop",
            "loop_store",
            "loop_table",
            "tail",
            "tail2",
            "tail_indirect",
            "calls",
            "fill",
            "copy",
            "table");
    // These use exceptions, which are never interpreted.
    List<String> strips =
        List.of(
            "nest",
            "switch",
            "ways",
            "operands",
            "catch",
            "catch_in",
            "tree",
            "mutual",
            "counted",
            "passes",
            "misses",
            "fills",
            "grows");
    // TIERED runs what one of these does; without a memory there is nothing flat.
    return Stream.of(
            Guests.Kind.COMPILED,
            Guests.Kind.INTERPRETED,
            Guests.Kind.COMPILED_FLAT,
            Guests.Kind.COMPILED_MARKED)
        .flatMap(
            how ->
                Stream.of(
                        withMemory.stream().map(f -> Arguments.of(how, "endless", f)),
                        strips.stream()
                            .filter(f -> how != Guests.Kind.INTERPRETED)
                            .map(f -> Arguments.of(how, "endless-strips", f)),
                        Stream.of("loop", "tail")
                            .filter(f -> !how.isFlat())
                            .map(f -> Arguments.of(how, "endless-bare", f)))
                    .flatMap(each -> each));
  }

  @ParameterizedTest
  @MethodSource("endless")
  void endsWithTheReasonGiven(Guests.Kind how, String module, String function) throws Exception {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = store.instantiate(Guests.compile(engine, module), CoreImports.NONE);
      CompletableFuture<@Nullable TrapException> end = run(instance, function);
      // Long enough for the loop to be compiled by the JIT: on-stack replacement must keep checks.
      LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
      assertThat(end).isNotDone();
      store.stop(Kind.DEADLINE, "took longer than 300 ms");
      TrapException trap = end.get(90, TimeUnit.SECONDS);
      assertThat(trap).isNotNull().hasMessage("took longer than 300 ms");
      assertThat(trap.kind()).isEqualTo(Kind.DEADLINE);
      assertThat(store.poisoned()).isTrue();
    }
  }

  /** Loops in parts that are called from loops of what they were cut out of. */
  @Test
  void loopsThatWereCutOutEndToo() throws Exception {
    byte[] wasm = Guests.wasm("endless-strips");
    int largest = 150;
    assertThat(Splitter.split(ModuleParser.parse(wasm), function -> largest).parts()).isNotEmpty();
    try (CoreEngine engine = Guests.engine(Execution.COMPILED);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = store.instantiate(SplitTest.compile(wasm, largest), CoreImports.NONE);
      CompletableFuture<@Nullable TrapException> end = run(instance, "nest");
      LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
      assertThat(end).isNotDone();
      store.stop(Kind.DEADLINE, "took longer than 300 ms");
      assertThat(end.get(90, TimeUnit.SECONDS)).isNotNull().hasMessage("took longer than 300 ms");
    }
  }

  private static CompletableFuture<@Nullable TrapException> run(
      CoreInstance instance, String function) {
    CompletableFuture<@Nullable TrapException> end = new CompletableFuture<>();
    long[] arguments = new long[Guests.function(instance, function).type().parameters().size()];
    Thread.ofPlatform()
        .daemon()
        .name("guest-" + function)
        .start(
            () -> {
              try {
                Guests.function(instance, function).call(arguments);
                end.complete(null);
              } catch (TrapException e) {
                end.complete(e);
              } catch (Throwable e) {
                end.completeExceptionally(e);
              }
            });
    return end;
  }

  @ParameterizedTest
  @EnumSource
  void recursionEndsAsALimit(Execution how) {
    for (String module : List.of("endless", "endless-bare")) {
      try (CoreEngine engine = Guests.engine(how);
          CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
        CoreInstance instance = store.instantiate(Guests.compile(engine, module), CoreImports.NONE);
        assertThatThrownBy(() -> Guests.call(instance, "recurse", 1))
            .isInstanceOfSatisfying(
                TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT))
            .hasMessage("call stack exhausted, in recurse");
        assertThat(store.poisoned()).isTrue();
        assertThatThrownBy(() -> Guests.call(instance, "answer"))
            .isInstanceOf(TrapException.class)
            .hasMessageContaining("trapped before");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStoppedStoreRunsNothingUntilCleared(Execution how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(Guests.compile(engine, "endless"), CoreImports.NONE);
      assertThat(Guests.call(instance, "answer")).isEqualTo(42);
      store.stop(Kind.CANCELLED, "first");
      store.stop(Kind.DEADLINE, "second");
      store.clearStop();
      assertThat(Guests.call(instance, "answer")).isEqualTo(42);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHostFunctionThatBlocksIsInterrupted(Execution how) throws Exception {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CompletableFuture<Boolean> inside = new CompletableFuture<>();
      CoreInstance instance =
          LinkingTest.userWith(
              engine,
              store,
              arguments -> {
                inside.complete(true);
                LockSupport.parkNanos(Duration.ofMinutes(2).toNanos());
                return new long[] {0};
              });
      CompletableFuture<@Nullable TrapException> end = run(instance, "host");
      inside.get(90, TimeUnit.SECONDS);
      store.stop(Kind.CANCELLED, "caller went away");
      TrapException trap = end.get(90, TimeUnit.SECONDS);
      assertThat(trap).isNotNull().hasMessage("caller went away");
    }
  }

  /** Two stops, one on this thread and one on another that the guest went on on. */
  @Test
  void anInterruptThatWasKeptWhileAnotherThreadRanDoesNotStay() throws InterruptedException {
    try (CoreEngine engine = Guests.engine(Execution.INTERPRETED);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      Thread other = Thread.ofPlatform().unstarted(() -> {});
      Runnable stop = () -> store.stop(Kind.CANCELLED, "enough");
      var _ = store.handOver(Thread.currentThread());
      Thread stopping = Thread.ofPlatform().start(stop);
      while (!Thread.currentThread().isInterrupted()) {
        Thread.onSpinWait();
      }
      boolean kept = Thread.interrupted();
      stopping.join();
      var _ = store.handOver(other);
      Thread.ofPlatform().start(stop).join();
      if (kept) {
        Thread.currentThread().interrupt();
      }
      var _ = store.handOver(null);
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noInterruptStaysBehind(Execution how) throws ExecutionException, InterruptedException {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(Guests.compile(engine, "endless"), CoreImports.NONE);
      Thread caller = Thread.currentThread();
      CompletableFuture<Void> stopper =
          CompletableFuture.runAsync(
              () -> {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                store.stop(Kind.DEADLINE, "late");
              });
      assertThatThrownBy(() -> Guests.call(instance, "loop")).hasMessage("late");
      assertThat(caller.isInterrupted()).isFalse();
      stopper.get();
    }
  }

  @ParameterizedTest
  @EnumSource
  void closingARunningStoreEndsItAndTakesItsMemoryBack(Execution how) throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (CoreEngine engine =
        Engines.endive(EngineOptions.defaults().withExecution(how).withMeters(meters))) {
      CoreStore store = engine.newStore(StoreLimits.DEFAULT);
      CoreInstance instance =
          store.instantiate(Guests.compile(engine, "endless"), CoreImports.NONE);
      CoreMemory memory = (CoreMemory) Objects.requireNonNull(instance.export("memory"));
      CompletableFuture<@Nullable TrapException> end = run(instance, "loop_store");
      await().atMost(Duration.ofSeconds(90)).until(() -> memory.getInt(0x1000) != 0);
      store.close();
      assertThat(end.get(90, TimeUnit.SECONDS)).isNotNull().hasMessageContaining("closed");
      assertThat(meters.get("wattle.engine.memory.used").gauge().value()).isZero();
      assertThatThrownBy(() -> Guests.call(instance, "answer")).hasMessageContaining("closed");
    }
  }
}

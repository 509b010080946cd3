package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.runtime.engine.CodeState;
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
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.endive.compiler.internal.Compiler;

/** A module runs interpreted at once, and compiled as soon as it is. */
class TiersTest {
  private static final CoreExternType.Func ASK =
      new CoreExternType.Func(List.of(CoreValueType.I32), List.of(CoreValueType.I32));

  private final HeldCompiler compiler = new HeldCompiler();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final EngineOptions options =
      EngineOptions.defaults()
          .withExecution(Execution.TIERED)
          .withMeters(meters)
          .withCompiler(compiler);
  private final CoreEngine engine = Engines.endive(options);

  /** For each question of the guest, whether compiled code asked it. */
  private final List<Boolean> compiled = new ArrayList<>();

  @AfterEach
  void close() {
    engine.close();
  }

  private CoreInstance instance(CoreStore store, CoreModule module, Runnable whenAsked) {
    CoreFunction host =
        CoreFunction.host(
            ASK,
            arguments -> {
              compiled.add(compiledCodeRuns());
              whenAsked.run();
              return new long[] {arguments[0] * 10};
            });
    return store.instantiate(module, (from, name) -> host);
  }

  /** Whether the innermost guest code on this thread is a generated class. */
  private static boolean compiledCodeRuns() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .map(StackWalker.StackFrame::getClassName)
                    .filter(
                        name ->
                            name.startsWith(Compiler.DEFAULT_CLASS_NAME)
                                || name.equals(WholeInterpreter.class.getName()))
                    .findFirst()
                    .orElseThrow()
                    .startsWith(Compiler.DEFAULT_CLASS_NAME));
  }

  private int modules(CodeState state) {
    return (int)
        meters
            .get("wattle.engine.modules")
            .tag("code", state.name().toLowerCase(java.util.Locale.ROOT))
            .gauge()
            .value();
  }

  @Test
  void itAnswersBeforeItIsCompiledAndTheSameAfterwards() throws Exception {
    CoreModule module = Guests.compile(engine, "tiers");
    assertThat(module.code()).isEqualTo(CodeState.COMPILING);
    assertThat(modules(CodeState.COMPILING)).isEqualTo(1);
    try (CoreStore first = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = instance(first, module, () -> {});
      CoreSnapshot snapshot = first.snapshot();
      assertThat(Guests.call(instance, "three")).isEqualTo(100);
      assertThat(first.outdated()).isFalse();

      compiler.release();
      assertThat(module.awaitCode()).isEqualTo(CodeState.COMPILED);
      assertThat(modules(CodeState.COMPILED)).isEqualTo(1);
      assertThat(modules(CodeState.COMPILING)).isZero();
      assertThat(first.outdated()).isTrue();
      try (CoreStore second = engine.newStore(StoreLimits.DEFAULT, snapshot)) {
        CoreInstance again = instance(second, module, () -> {});
        assertThat(second.outdated()).isFalse();
        assertThat(Guests.call(again, "count")).isZero();
        assertThat(Guests.call(again, "three")).isEqualTo(100);
        assertThat(Guests.call(again, "count")).isEqualTo(3);
      }
    }
    assertThat(compiled).containsExactly(false, false, false, false, true, true, true, true);
  }

  @Test
  void aCallThatIsUnderWayGoesOnInCompiledCode() {
    CoreModule module = Guests.compile(engine, "tiers");
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = instance(store, module, compiler::release);
      assertThat(Guests.call(instance, "three")).isEqualTo(100);
      assertThat(Guests.call(instance, "three")).isEqualTo(100);
      assertThat(Guests.call(instance, "count")).isEqualTo(6);
      // "three" itself was interpreted to its end, what it called was not.
      assertThat(compiled).containsExactly(false, true, true, true, true, true, true, true);
    }
  }

  @Test
  void vectorsGoFromOneMachineToTheOther() {
    CoreModule module = Guests.compile(engine, "vector-tiers");
    List<CoreValueType> vector = List.of(CoreValueType.V128);
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreFunction twice =
          CoreFunction.host(
              new CoreExternType.Func(vector, vector),
              words -> {
                compiled.add(compiledCodeRuns());
                compiler.release();
                return new long[] {2 * words[0], 2 * words[1]};
              });
      CoreFunction all = Guests.function(store.instantiate(module, (from, name) -> twice), "all");
      assertThat(all.call(10, 20)).containsExactly(20, 40, 6, 1, 2, 8, 8, 18);
      assertThat(all.call(10, 20)).containsExactly(20, 40, 6, 8, 18, 8, 15, 34);
      assertThat(compiled).containsExactly(false, true);
    }
  }

  @Test
  void aTrapThroughBothMachinesIsTheSame() {
    CoreModule module = Guests.compile(engine, "tiers");
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = instance(store, module, compiler::release);
      assertThatThrownBy(() -> Guests.call(instance, "deeper", 20))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRAP))
          .hasMessageContaining("unreachable");
      assertThat(store.poisoned()).isTrue();
    }
    assertThat(compiled).containsExactly(false);
  }

  @Test
  void instancesOfBothKindsShareATable() {
    CoreModule provider = Guests.compile(engine, "provider");
    compiler.release();
    CoreModule user = Guests.compile(engine, "user");
    assertThat(provider.code()).isEqualTo(CodeState.COMPILED);
    assertThat(user.code()).isEqualTo(CodeState.COMPILING);
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance given = store.instantiate(provider, CoreImports.NONE);
      CoreFunction host = CoreFunction.host(ASK, arguments -> arguments);
      CoreInstance using =
          store.instantiate(user, (from, name) -> from.equals("p") ? given.export(name) : host);
      for (int round = 0; round < 2; round++) {
        for (CoreInstance asked : List.of(given, using)) {
          String function = asked.equals(given) ? "call" : "indirect";
          assertThat(Guests.call(asked, function, 0)).isEqualTo(23);
          assertThat(Guests.call(asked, function, 1)).isEqualTo(17);
          assertThat(Guests.call(asked, function, 2)).isEqualTo(23);
        }
        assertThat(Guests.call(using, "add", 2, 3)).isEqualTo(5);
        compiler.release();
      }
      assertThat(user.code()).isEqualTo(CodeState.COMPILED);
    }
  }

  @Test
  void itIsCompiledOnceForAllWhoAskAtOnce() {
    List<CompletableFuture<CoreModule>> asked =
        IntStream.range(0, 4)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> Guests.compile(engine, "tiers")))
            .toList();
    assertThat(asked.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    assertThat(compiler.held()).isEqualTo(1);
  }

  @Test
  void whatNobodyUsesAnyMoreIsNotCompiled() throws Exception {
    CoreModule module = Guests.compile(engine, "tiers");
    CoreModule.Use one = module.use(() -> {});
    CoreModule.Use other = module.use(() -> {});
    one.close();
    one.close();
    assertThat(module.code()).isEqualTo(CodeState.COMPILING);
    other.close();
    assertThat(module.awaitCode()).isEqualTo(CodeState.INTERPRETED);
    compiler.release();
    assertThat(module.code()).isEqualTo(CodeState.INTERPRETED);
    assertThat(meters.get("wattle.engine.compile").timer().count()).isZero();

    List<CodeState> told = new ArrayList<>();
    try (CoreModule.Use _ = module.use(() -> told.add(module.code()))) {
      assertThat(module.code()).isEqualTo(CodeState.COMPILING);
      compiler.release();
      assertThat(module.code()).isEqualTo(CodeState.COMPILED);
    }
    assertThat(told).containsExactly(CodeState.COMPILED);
  }

  @Test
  void whatTheInterpreterDoesNotDoIsCompiledBeforeItRuns() {
    assertThat(Guests.compile(engine, "tail-calls-throw").code()).isEqualTo(CodeState.COMPILED);
    assertThat(compiler.held()).isZero();
  }

  @Test
  void theLoaderCompilesWhenTooManyWait() {
    Background background = new Background(compiler);
    assertThat(background.hasRoom(Integer.MAX_VALUE)).isTrue();
    CoreModule module = Guests.compile(engine, "tiers");
    assertThat(module.code()).isEqualTo(CodeState.COMPILING);
    Compilation waiting =
        new Compilation("0", Guests.wasm("tiers"), background, (_, _, _, _) -> fail());
    waiting.begin((EndiveModule) module);
    assertThat(background.hasRoom(100)).isTrue();
    assertThat(background.hasRoom(Integer.MAX_VALUE)).isFalse();
    compiler.release();
    assertThat(background.hasRoom(Integer.MAX_VALUE)).isTrue();
  }

  private static ModuleCode fail() {
    throw new IllegalStateException("made to fail");
  }

  @Test
  void whatCannotBeCompiledStaysInterpreted() throws Exception {
    Background background = new Background(compiler);
    Compilation compilation =
        new Compilation("0", Guests.wasm("tiers"), background, (_, _, _, _) -> fail());
    ModuleCode code = ModuleCode.interpreted(ModuleParser.parse(Guests.wasm("tiers")));
    EndiveModule module = new EndiveModule("0", code, AddressTypes.OF_32, compilation);
    compilation.begin(module);
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = instance(store, module, compiler::release);
      assertThat(Guests.call(instance, "three")).isEqualTo(100);
      assertThat(module.awaitCode()).isEqualTo(CodeState.FAILED);
      assertThat(Guests.call(instance, "three")).isEqualTo(100);
      assertThat(store.outdated()).isFalse();
    }
    module.use(() -> {}).close();
    assertThat(module.code()).isEqualTo(CodeState.FAILED);
    assertThat(compiled).hasSize(8).containsOnly(false);
  }

  @Test
  void closingEndsItsThreads() throws Exception {
    List<Thread> threads = new ArrayList<>();
    Background background = new Background(null);
    Compilation compilation =
        new Compilation(
            "0",
            Guests.wasm("tiers"),
            background,
            (_, _, _, _) -> {
              threads.add(Thread.currentThread());
              return fail();
            });
    ModuleCode code = ModuleCode.interpreted(ModuleParser.parse(Guests.wasm("tiers")));
    EndiveModule module = new EndiveModule("0", code, AddressTypes.OF_32, compilation);
    compilation.begin(module);
    assertThat(module.awaitCode()).isEqualTo(CodeState.FAILED);
    background.close();
    assertThat(threads).hasSize(1);
    assertThat(threads.getFirst().join(java.time.Duration.ofSeconds(60))).isTrue();
  }

  @Test
  void aClosedEngineCompilesNothingAndItsModulesRunOn() throws Exception {
    CoreModule module = Guests.compile(engine, "tiers");
    CoreModule.Use use = module.use(() -> {});
    engine.close();
    assertThat(module.awaitCode()).isEqualTo(CodeState.INTERPRETED);
    compiler.release();
    assertThat(module.code()).isEqualTo(CodeState.INTERPRETED);
    use.close();
    module.use(() -> {}).close();
    assertThat(compiler.held()).isZero();
  }

  @Test
  void theNextEngineFindsItCompiled(@TempDir Path directory) {
    EngineOptions kept = options.withCache(directory, 1 << 30);
    for (CodeState expected : List.of(CodeState.COMPILING, CodeState.COMPILED)) {
      try (CoreEngine own = Engines.endive(kept);
          CoreStore store = own.newStore(StoreLimits.DEFAULT)) {
        CoreModule module = Guests.compile(own, "tiers");
        assertThat(module.code()).isEqualTo(expected);
        assertThat(Guests.call(instance(store, module, () -> {}), "three")).isEqualTo(100);
        compiler.release();
      }
    }
    assertThat(compiled).containsExactly(false, false, false, false, true, true, true, true);
  }
}

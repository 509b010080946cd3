package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreGlobal;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import io.wattle.runtime.engine.endive.split.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.endive.wasm.WasmModule;

/** Functions that are cut do what they did before. */
class SplitTest {
  private static final int WHOLE = 0;
  private static final int SEEDS = 15;

  static EndiveModule compile(byte[] wasm, int largest) {
    WasmModule module = ModuleParser.parse(wasm);
    ModuleCompiler.Compiled compiled = ModuleCompiler.compile(module, false, largest, () -> {});
    assertThat(compiled.interpreted()).isEmpty();
    String digest = Hashes.sha256(wasm);
    return new EndiveModule(
        digest,
        ModuleCode.compiled(module, digest, Set.of(), compiled.classes()),
        AddressTypes.OF_32);
  }

  /** What all functions answer, in order, and what they leave behind. */
  private static List<String> outcome(byte[] wasm, int largest) {
    List<String> outcome = new ArrayList<>();
    try (CoreEngine engine = Guests.engine(Execution.COMPILED);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = store.instantiate(compile(wasm, largest), CoreImports.NONE);
      for (int f = 1; f < RandomModule.FUNCTIONS; f += 2) {
        try {
          outcome.add("f" + f + " = " + Guests.call(instance, "f" + f));
        } catch (TrapException e) {
          outcome.add("f" + f + ": " + e.getMessage());
        }
      }
      CoreMemory memory = (CoreMemory) Guests.extern(instance, "m");
      byte[] bytes = new byte[8192];
      memory.read(0, bytes, 0, bytes.length);
      outcome.add("memory " + Hashes.sha256(bytes));
      outcome.add("global " + ((CoreGlobal) Guests.extern(instance, "g")).get());
    }
    return outcome;
  }

  @ParameterizedTest
  @ValueSource(ints = {150, 400, 1200})
  void randomFunctionsDoTheSameInPieces(int largest) {
    int parts = 0;
    int answers = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      byte[] wasm = RandomModule.module(seed);
      List<String> expected = outcome(wasm, WHOLE);
      assertThat(outcome(wasm, largest)).as("seed %d, limit %d", seed, largest).isEqualTo(expected);
      parts += Splitter.split(ModuleParser.parse(wasm), function -> largest).parts().size();
      answers += (int) expected.stream().filter(line -> line.contains(" = ")).count();
    }
    assertThat(parts).as("functions that were cut out").isGreaterThan(SEEDS);
    assertThat(answers).as("calls that did not trap").isGreaterThan(SEEDS);
  }

  @Test
  void functionsOver64KilobytesAreCompiledInPieces() throws Exception {
    byte[] wasm = BigFunction.module(false);
    try (CoreEngine engine = Guests.engine(Execution.COMPILED);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(compile(wasm, ModuleCompiler.LARGEST), CoreImports.NONE);
      assertThat((int) Guests.call(instance, "twist", 5)).isEqualTo(BigFunction.twist(5));
      assertThatThrownBy(() -> Guests.call(instance, "deep", 1))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT));
    }
    assertThat(tooLarge(wasm)).isEmpty();
  }

  @Test
  void noMethodOfQuickJsIsTooLargeForHotSpot() throws Exception {
    byte[] largest = quickJs();
    assertThat(Splitter.split(ModuleParser.parse(largest), f -> ModuleCompiler.LARGEST).left())
        .isEmpty();
    assertThat(tooLarge(largest)).isEmpty();
  }

  @Test
  void onlyFunctionsWithALargeSwitchStayLargerWhereTheJvmCompilesThem() throws Exception {
    assertThat(ModuleCompiler.LIMIT)
        .as("this JVM has -XX:-DontCompileHugeMethods")
        .isEqualTo(ModuleCompiler.LARGEST_WITH_SWITCH);
    ModuleCompiler.Compiled compiled =
        ModuleCompiler.compile(ModuleParser.parse(quickJs()), false, () -> {});
    Map<String, Integer> large = tooLarge(compiled);
    assertThat(large).isNotEmpty().hasSizeLessThan(5);
    assertThat(large.values())
        .allSatisfy(
            size -> assertThat(size).isLessThanOrEqualTo(ModuleCompiler.LARGEST_WITH_SWITCH));
  }

  /** The core module with the interpreter. */
  private static byte[] quickJs() throws IOException {
    List<byte[]> modules =
        CoreModules.of(
            Files.readAllBytes(Path.of("..", "components", "dist", "everyday-quickjs.wasm")));
    assertThat(modules).hasSizeGreaterThan(2);
    return modules.stream().max((a, b) -> Integer.compare(a.length, b.length)).orElseThrow();
  }

  /** Methods that HotSpot would leave to its interpreter. */
  private static Map<String, Integer> tooLarge(byte[] wasm) {
    return tooLarge(
        ModuleCompiler.compile(ModuleParser.parse(wasm), false, ModuleCompiler.LARGEST, () -> {}));
  }

  private static Map<String, Integer> tooLarge(ModuleCompiler.Compiled compiled) {
    assertThat(compiled.interpreted()).isEmpty();
    Map<String, Integer> large = new TreeMap<>();
    compiled
        .classes()
        .forEach(
            (name, bytes) ->
                DispatchPass.sizes(bytes)
                    .forEach(
                        (method, size) -> {
                          if (size > GuardPass.HUGE) {
                            var _ = large.put(name + "." + method, size);
                          }
                        }));
    return large;
  }

  @ParameterizedTest
  @CsvSource({"I32, I32", "I64, F64"})
  void aCallByTableReachesEachOfManyFunctions(
      ManyFunctions.NumberType first, ManyFunctions.NumberType second) {
    byte[] wasm = ManyFunctions.module(first, second);
    assertThat(
            ModuleCompiler.compile(
                    ModuleParser.parse(wasm), false, ModuleCompiler.LARGEST, () -> {})
                .classes()
                .values())
        .allSatisfy(
            bytes ->
                assertThat(DispatchPass.sizes(bytes).values())
                    .allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(GuardPass.HUGE)));
    EndiveModule module = compile(wasm, ModuleCompiler.LARGEST);
    try (CoreEngine engine = Guests.engine(Execution.COMPILED);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT);
        CoreStore another = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = store.instantiate(module, CoreImports.NONE);
      for (int i = 0; i < ManyFunctions.COUNT; i++) {
        int other = ManyFunctions.COUNT + i;
        assertThat(Guests.call(instance, "plain", i)).isEqualTo(i);
        assertThat(Guests.call(instance, "mixed", other)).isEqualTo(ManyFunctions.GIVEN + other);
      }
      assertThatThrownBy(() -> Guests.call(instance, "mixed", 0))
          .isInstanceOf(TrapException.class)
          .hasMessageContaining("indirect call type mismatch");
      CoreInstance fresh = another.instantiate(module, CoreImports.NONE);
      assertThatThrownBy(() -> Guests.call(fresh, "plain", 2 * ManyFunctions.COUNT - 1))
          .isInstanceOf(TrapException.class)
          .hasMessageContaining("indirect call type mismatch");
    }
  }
}

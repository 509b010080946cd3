package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.runtime.binary.Leb128;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.endive.split.Lowered;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;

/**
 * Vectors wherever values may be: in locals, on the operand stack under branches, in calls of all
 * kinds, exceptions, globals and memory. The answers are wasmtime's.
 */
class VectorPlacesTest {
  private static final Map<String, CoreEngine> ENGINES = EveryKind.enginesAndPieces();

  @AfterAll
  static void close() {
    ENGINES.values().forEach(CoreEngine::close);
  }

  static List<String> engines() {
    return List.copyOf(ENGINES.keySet());
  }

  private static CoreEngine engine(String name) {
    return Objects.requireNonNull(ENGINES.get(name));
  }

  /** A module that was compiled, and the one it imports from. */
  private record Pair(CoreModule module, CoreModule provider) {
    private static final Map<List<Object>, Pair> KNOWN = new ConcurrentHashMap<>();

    static Pair of(CoreEngine engine, String name) {
      return KNOWN.computeIfAbsent(List.of(engine, name), _ -> compiled(engine, name));
    }

    private static Pair compiled(CoreEngine engine, String name) {
      return new Pair(
          Guests.compile(engine, name), Guests.compile(engine, "vector-places-provider"));
    }

    CoreInstance instantiate(CoreStore store) {
      CoreInstance exporting = store.instantiate(provider, CoreImports.NONE);
      return store.instantiate(module, (_, wanted) -> exporting.export(wanted));
    }
  }

  private static List<String> expected() throws IOException {
    try (InputStream in =
        VectorPlacesTest.class.getResourceAsStream("/engine/vector-places-answers.txt")) {
      String all = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return all.lines().filter(line -> !line.startsWith(";;")).toList();
    }
  }

  /** All calls again. */
  private static List<String> answers(CoreEngine engine) throws IOException {
    List<String> answers = new ArrayList<>();
    for (String line : expected()) {
      String[] words = line.split(" ", 4);
      Pair pair = Pair.of(engine, words[0]);
      String answer;
      try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
        CoreInstance instance = pair.instantiate(store);
        answer = Long.toString(Guests.call(instance, words[1], Long.parseLong(words[2])));
      } catch (TrapException e) {
        answer = "trap: " + e.getMessage();
      }
      answers.add(String.join(" ", words[0], words[1], words[2], answer));
    }
    return answers;
  }

  private static void assertAnswers(List<String> answers) throws IOException {
    List<String> expected = expected();
    assertThat(answers).hasSameSizeAs(expected);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      boolean isTrap = expected.get(i).contains("trap: ");
      boolean isRight =
          isTrap
              ? answers.get(i).startsWith(expected.get(i))
              : answers.get(i).equals(expected.get(i));
      if (!isRight) {
        wrong.add(answers.get(i) + " (expected: " + expected.get(i) + ")");
      }
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theAnswersAreWasmtimes(String name) throws Exception {
    assertAnswers(answers(engine(name)));
    if (name.equals("CUT")) {
      assertThat(EveryKind.parts(engine(name))).isGreaterThan(10);
    }
  }

  @Test
  void whatComesFromTheCacheAnswersTheSame(@TempDir Path folder) throws Exception {
    for (boolean isFirst : List.of(true, false)) {
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      EngineOptions options =
          EngineOptions.defaults().withCache(folder, 1 << 30).withMeters(meters);
      try (CoreEngine engine = Engines.endive(options)) {
        assertAnswers(answers(engine));
      }
      assertThat(meters.get("wattle.engine.compile").timer().count()).isEqualTo(isFirst ? 3 : 0);
      assertThat(meters.get("wattle.engine.cache.load").timer().count()).isEqualTo(isFirst ? 0 : 3);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aStoreThatDoesNotFitWritesNothing(String name) {
    CoreEngine engine = engine(name);
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = Pair.of(engine, "vector-places").instantiate(store);
      assertThatThrownBy(() -> Guests.call(instance, "stores-outside", 1))
          .isInstanceOf(TrapException.class)
          .hasMessageContaining("out of bounds memory access");
      EveryKind.forgive(store);
      assertThat(Guests.call(instance, "end", 0)).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void atTheBoundaryAVectorIsTwoWords(String name) {
    CoreEngine engine = engine(name);
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = Pair.of(engine, "vector-places").instantiate(store);
      assertThat(Guests.function(instance, "same").call(-3, 4)).containsExactly(-3, 4);
      assertThat(Guests.function(instance, "through").call(9, 10, 20, 4))
          .containsExactly(11, 22, 5, 10, 20);
      assertThat(catchThrowable(() -> Guests.function(instance, "same").call(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected: 2");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void globalsAreSharedWithBothHalves(String name) {
    CoreEngine engine = engine(name);
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      Pair pair = Pair.of(engine, "vector-places");
      CoreInstance provider = store.instantiate(pair.provider, CoreImports.NONE);
      CoreInstance instance =
          store.instantiate(pair.module, (_, wanted) -> provider.export(wanted));
      Guests.call(instance, "globals", 1);
      assertThat(Guests.call(provider, "kept-low")).isEqualTo(0x1111 + 1);
      assertThat(Guests.call(provider, "kept-high")).isEqualTo(0x2222 + 0x9e3779b97f4a7c15L);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theHostMayTakeAndGiveThem(String name) {
    CoreEngine engine = engine(name);
    CoreExternType.Func type =
        new CoreExternType.Func(List.of(CoreValueType.V128), List.of(CoreValueType.V128));
    CoreFunction swapped = CoreFunction.host(type, a -> new long[] {a[1], a[0]});
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      Pair pair = Pair.of(engine, "vector-places");
      CoreInstance provider = store.instantiate(pair.provider, CoreImports.NONE);
      CoreInstance instance =
          store.instantiate(
              pair.module,
              (_, wanted) -> wanted.equals("negate") ? swapped : provider.export(wanted));
      assertThat(Guests.function(instance, "negated").call(5, 6)).containsExactly(6, 5);
    }
  }

  /**
   * Functions and types are added for vectors; what Endive generates for them is left out again.
   */
  @Test
  void whatNothingCallsIsNotGenerated() {
    WasmModule module = ModuleParser.parse(Guests.wasm("vector-places"));
    int functions =
        module.importSection().count(ExternalType.FUNCTION)
            + module.codeSection().functionBodyCount();
    int types = module.typeSection().subTypeCount();
    assertThat(Lowered.of(module).standIns()).hasSizeGreaterThan(10);
    Pattern numbered = Pattern.compile("(func|call|call_indirect)_(\\d+)");
    ModuleCompiler.compile(module, false, () -> {})
        .classes()
        .values()
        .forEach(
            bytes ->
                DispatchPass.sizes(bytes)
                    .keySet()
                    .forEach(
                        name -> {
                          Matcher matcher = numbered.matcher(name);
                          if (matcher.matches()) {
                            assertThat(Integer.parseInt(matcher.group(2)))
                                .as(name)
                                .isLessThan(
                                    matcher.group(1).equals("call_indirect") ? types : functions);
                          }
                        }));
  }

  /** Adds its parameter to it again and again, lanes of 32 bits. */
  private static byte[] longSum(int times) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(RandomModule.bytes(0, 0x20, 0)); // no locals, local.get
    for (int i = 0; i < times; i++) {
      body.writeBytes(RandomModule.bytes(0x20, 0, 0xfd, 0xae, 1)); // local.get, i32x4.add
    }
    body.write(0x0b);
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    code.write(1);
    Leb128.write(code, body.size());
    code.writeBytes(body.toByteArray());
    ByteArrayOutputStream module = new ByteArrayOutputStream();
    module.writeBytes(RandomModule.bytes(0, 'a', 's', 'm', 1, 0, 0, 0));
    Leb128.section(module, 1, RandomModule.bytes(1, 0x60, 1, 0x7b, 1, 0x7b));
    Leb128.section(module, 3, RandomModule.bytes(1, 0));
    Leb128.section(module, 7, RandomModule.bytes(1, 3, 's', 'u', 'm', 0, 0));
    Leb128.section(module, 10, code.toByteArray());
    return module.toByteArray();
  }

  /** Where HotSpot compiles large methods. */
  @Test
  void functionsThatComputeWithVectorsStayWhole() throws Exception {
    byte[] wasm = longSum(600);
    Map<String, Integer> sizes = new HashMap<>();
    ModuleCompiler.compile(ModuleParser.parse(wasm), false, () -> {})
        .classes()
        .values()
        .forEach(bytes -> sizes.putAll(DispatchPass.sizes(bytes)));
    assertThat(sizes.get("func_0")).isGreaterThan(ModuleCompiler.LARGEST);
    assertThat(sizes.keySet()).noneMatch(name -> name.contains("_part_"));
    CoreEngine engine = engine("COMPILED");
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = store.instantiate(engine.compile(wasm), CoreImports.NONE);
      assertThat(Guests.function(instance, "sum").call((3L << 32) | 5, 7))
          .containsExactly(((601 * 3L) << 32) | (601 * 5), 601 * 7);
    }
  }
}

package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.binary.Leb128;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreModule.CoreExport;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Memories and tables whose addresses are of 64 bits, and wide arithmetic. The answers are
 * wasmtime's.
 */
class WideTest {
  private static final Map<String, CoreEngine> ENGINES = EveryKind.enginesAndPieces();
  private static final Map<String, CoreModule> MODULES = new ConcurrentHashMap<>();

  /** As wasmtime was told to have: one million bytes. */
  private static final StoreLimits LIMITS = new StoreLimits(1_000_000, 100_000, 10);

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

  private static CoreModule module(String engine) {
    return MODULES.computeIfAbsent(engine, _ -> Guests.compile(engine(engine), "wide"));
  }

  private static byte[] wasm(String sections) {
    return HexFormat.of().parseHex("0061736d01000000" + sections.replace(" ", ""));
  }

  private static List<String> expected() throws IOException {
    try (InputStream in = WideTest.class.getResourceAsStream("/engine/wide-answers.txt")) {
      String all = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return all.lines().filter(line -> !line.startsWith(";;")).toList();
    }
  }

  private static void assertAnswers(CoreEngine engine, CoreModule module) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (String line : expected()) {
      String[] words = line.split(" ", 3);
      String answer;
      try (CoreStore store = engine.newStore(LIMITS)) {
        CoreInstance instance = store.instantiate(module, CoreImports.NONE);
        answer = Long.toString(Guests.call(instance, words[0], Long.parseLong(words[1])));
      } catch (TrapException e) {
        answer = String.valueOf(e.getMessage());
      }
      if (!isRight(words[2], answer)) {
        wrong.add(line + " (got: " + answer + ")");
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** It has two words for what is outside of a table, we have one of both. */
  private static boolean isRight(String expected, String answer) {
    return expected.startsWith("trap: ")
        ? Arrays.stream(expected.split(": ")).skip(1).anyMatch(answer::startsWith)
        : expected.equals(answer);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theAnswersAreWasmtimes(String name) throws Exception {
    assertAnswers(engine(name), module(name));
  }

  @Test
  void whatComesFromTheCacheAnswersTheSame(@TempDir Path folder) throws Exception {
    for (int i = 0; i < 2; i++) {
      try (CoreEngine engine =
          Engines.endive(EngineOptions.defaults().withCache(folder, 1 << 30))) {
        CoreModule module = Guests.compile(engine, "wide");
        assertAnswers(engine, module);
        assertThat(type(module, "memory")).isEqualTo(type(module("COMPILED"), "memory"));
      }
    }
  }

  private static CoreExternType type(CoreModule module, String name) {
    return module.exports().stream()
        .filter(export -> export.name().equals(name))
        .map(CoreExport::type)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void othersSeeTheTypesThatTheAuthorWrote(String name) {
    CoreModule module = module(name);
    assertThat(type(module, "memory"))
        .isEqualTo(new CoreExternType.Memory(2, 1L << 48, false, true));
    assertThat(type(module, "table"))
        .isEqualTo(new CoreExternType.Table(CoreValueType.FUNCREF, 6, -1L, true));
    try (CoreStore store = engine(name).newStore(LIMITS)) {
      CoreInstance instance = store.instantiate(module, CoreImports.NONE);
      CoreMemory memory = (CoreMemory) Guests.extern(instance, "memory");
      Guests.call(instance, "grow", 3);
      assertThat(memory.type()).isEqualTo(new CoreExternType.Memory(5, 1L << 48, false, true));
      Guests.call(instance, "store-i64", 200);
      assertThat(memory.getLong(201)).isEqualTo(-3);
    }
  }

  /** Imports a memory or table, called "m" here, and nothing else. */
  private static CoreImports given(CoreInstance instance, String name) {
    return (_, _) -> instance.export(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          020801016101 6d020401      | memory | true
          020f01016101 6d020501 80808080808040 | memory | true
          020901016101 6d02050108    | memory | false
          020801016101 6d020403      | memory | false
          020801016101 6d020001      | memory | false
          020901016101 6d01700406    | table  | true
          020901016101 6d01700407    | table  | false
          020901016101 6d01700001    | table  | false
          020a01016101 6d0170050108  | table  | false
          """)
  void whatIsImportedHasTheSameAddresses(String sections, String export, boolean fits)
      throws Exception {
    CoreEngine engine = engine("COMPILED");
    try (CoreStore store = engine.newStore(LIMITS)) {
      CoreInstance instance = store.instantiate(module("COMPILED"), CoreImports.NONE);
      CoreModule module = engine.compile(wasm(sections));
      if (fits) {
        assertThat(store.instantiate(module, given(instance, export))).isNotNull();
      } else {
        assertThatThrownBy(() -> store.instantiate(module, given(instance, export)))
            .isInstanceOfSatisfying(
                TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.IMPORT_FAILED))
            .hasMessageContaining("incompatible type");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0505010480 8004     | linear memory: 4294967296 bytes (expected: <= 1000000
          05090104 80808080808040 | linear memory: 72057594037927936 bytes (expected: <= 1000000
          0407017004 80808008 | table elements: 16777216 (expected: <= 100000
          040d0170 04ffffffffffffffffff01 | table elements: 281474976710656 (expected: <= 100000
          """)
  void whatIsTooMuchIsRefusedByTheLimitsName(String sections, String message) throws Exception {
    for (String name : engines()) {
      try (CoreStore store = engine(name).newStore(LIMITS)) {
        CoreModule module = engine(name).compile(wasm(sections));
        assertThatThrownBy(() -> store.instantiate(module, CoreImports.NONE))
            .isInstanceOfSatisfying(
                TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT))
            .hasMessageContaining(message);
      }
    }
  }

  /** What no store's limit forbids, and yet cannot be. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0505010480 8004     | linear memory: 65536 pages (expected: <= 65535 in one memory)
          0407017004 80808008 | table elements: 16777216 (expected: <= 10000000 in one table)
          """)
  void whatCannotBeAddressedIsRefused(String sections, String message) throws Exception {
    CoreEngine engine = engine("COMPILED");
    try (CoreStore store = engine.newStore(new StoreLimits(1L << 40, 100_000_000, 10))) {
      CoreModule module = engine.compile(wasm(sections));
      assertThatThrownBy(() -> store.instantiate(module, CoreImports.NONE))
          .isInstanceOf(TrapException.class)
          .hasMessage(message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0104016000000302010005030104010a0a01080041002802001a0b | an i32 as address | requires [i64] but stack has [i32]
          0104016000000302010005030104010a0b0109000041002802001a0b | the same where nothing runs | requires [i64] but stack has [i32]
          0104016000000302010005030100010a0a01080042002802001a0b | an i64 where addresses are i32 | requires [i32] but stack has [i64]
          0104016000000302010005030104010a0e010c004200410036020020001a0b | a local behind the last | unknown local 0
          0104016000000302010005030104010a0a01080042002803001a0b | an alignment | alignment must not be larger than natural alignment
          0104016000000302010005030104010a09010700410040001a0b | an i32 to grow by | requires [i64] but stack has [i32]
          0104016000000302010005030104010a0d010b00420041004100fc0b000b | a length of i32 | requires [i64] but stack has [i32]
          010401600000030201000404017004010a09010700410025001a0b | an i32 as element | requires [i64] but stack has [i32]
          010401600000030201000404017004010a0901070041001100000b | an i32 to call by | requires [i64] but stack has [i32]
          010401600000030201000a10010e004200420042004100fc131a1a0b | an i32 to add | requires [i64] but stack has [i32]
          010401600000030201000a0a0108004200fc151a1a0b | too little to multiply | requires [i32] but stack has []
          050401050201 | a minimum over the maximum | size minimum must not be greater than maximum
          0509010481808080808040 | more than 2^48 pages | memory size must be at most 281474976710656 pages
          05030104010b07010041000b0161 | an i32 as offset | an offset of a segment: type mismatch
          05030104010606017e0142000b0b07010023000b0161 | a mutable global | constant expression required (global 0 is mutable)
          05030104010606017f0041000b0b07010023000b0161 | a global of i32 | an offset of a segment: type mismatch
          05030104010b07010023000b0161 | no global | an offset of a segment: unknown global 0
          05030104010b090100420042000b0161 | two offsets | an offset of a segment: type mismatch
          05030104010b0601007c0b0161 | a sum of nothing | an offset of a segment: type mismatch
          05030104000a | a broken end | unexpected end of section or function
          0104016000000302010005030104010a140112004200280280808080808080808080021a0b | an offset of more than 64 bits | integer representation too long
          """)
  void whatIsNotValidIsRefused(String sections, String what, String message) {
    for (String name : List.of("COMPILED", "INTERPRETED_ALL")) {
      assertThatThrownBy(() -> engine(name).compile(wasm(sections)))
          .as(what)
          .isInstanceOf(InvalidModuleException.class)
          .hasMessageStartingWith("core module: ")
          .hasMessageContaining(message);
    }
  }

  /** Of tables of 32 and of 64 bits. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0404017000 06 090601 0041060b00                      | true
          0404017000 06 090601 0041070b00                      | false
          0404017000 06 090601 00417f0b00                      | false
          0404017004 06 090601 0042060b00                      | true
          0404017004 06 090601 0042070b00                      | false
          0404017004 06 090a01 0042808080801 00b00             | false
          0404017004 06 0606017e0042070b 090601 0023000b00     | false
          0404017004 06 0606017e0042060b 090601 0023000b00     | true
          """)
  void aSegmentWithoutElementsLiesInItsTableToo(String sections, boolean fits) throws Exception {
    for (String name : engines()) {
      try (CoreStore store = engine(name).newStore(LIMITS)) {
        CoreModule module = engine(name).compile(wasm(sections));
        if (fits) {
          assertThat(store.instantiate(module, CoreImports.NONE)).isNotNull();
        } else {
          assertThatThrownBy(() -> store.instantiate(module, CoreImports.NONE))
              .isInstanceOfSatisfying(
                  TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRAP))
              .hasMessageContaining("out of bounds table access");
        }
      }
    }
  }

  /** Two bytes of each product become eighty. */
  @Test
  void whatWouldBecomeMuchLongerIsRefused() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {0, 0}); // no locals, unreachable
    for (int i = 0; i < 100_000; i++) {
      body.writeBytes(new byte[] {(byte) 0xfc, 0x15});
    }
    body.write(0x0b);
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    code.write(1);
    Leb128.write(code, body.size());
    code.writeBytes(body.toByteArray());
    ByteArrayOutputStream module = new ByteArrayOutputStream();
    module.writeBytes(wasm("010401600000 03020100"));
    Leb128.section(module, 10, code.toByteArray());
    assertThatThrownBy(() -> engine("COMPILED").compile(module.toByteArray()))
        .isInstanceOf(InvalidModuleException.class)
        .hasMessageContaining("the code would be more than");
  }

  /** It reads a block's type index from 64 on as something else. */
  @Test
  void whatEndiveMisreadsIsMendedToo() throws Exception {
    String types = "01c50141" + "600000".repeat(64) + "6000017f";
    String code = "0a0e010c00 02c000 4200 280200 0b 1a0b";
    byte[] wasm = wasm(types + "03020100 0503010401" + code);
    try (CoreEngine engine = Guests.engine(EngineOptions.Execution.COMPILED);
        CoreStore store = engine.newStore(LIMITS)) {
      assertThat(store.instantiate(engine.compile(wasm), CoreImports.NONE)).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void snapshotsKeepWhatTheyAre(String name) {
    CoreEngine engine = engine(name);
    try (CoreStore first = engine.newStore(LIMITS)) {
      CoreInstance instance = first.instantiate(module(name), CoreImports.NONE);
      Guests.call(instance, "store-i64", 300);
      Guests.call(instance, "table-set", 2);
      try (CoreStore second = engine.newStore(LIMITS, first.snapshot())) {
        CoreInstance again = second.instantiate(module(name), CoreImports.NONE);
        assertThat(Guests.call(again, "load", 301)).isEqualTo(-3);
        assertThat(Guests.call(again, "call", 2)).isEqualTo(3);
        assertThat(((CoreMemory) Guests.extern(again, "memory")).type().memory64()).isTrue();
      }
    }
  }
}

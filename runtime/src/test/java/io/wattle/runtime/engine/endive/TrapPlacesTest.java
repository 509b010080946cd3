package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A trap names the guest's function and, where it has debug information, the line of its source.
 */
class TrapPlacesTest {
  private static byte[] resource(String name) throws IOException {
    try (InputStream in = TrapPlacesTest.class.getResourceAsStream("/debug/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  /** {@code file:line} of the line with a mark. */
  private static String place(String source, String mark) throws IOException {
    String[] lines = new String(resource(source), StandardCharsets.UTF_8).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].endsWith("// at: " + mark)) {
        return source + ":" + (i + 1);
      }
    }
    throw new AssertionError(source + " has no line " + mark);
  }

  private static TrapException trap(CoreEngine engine, byte[] wasm, String call, long... arguments)
      throws Exception {
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = store.instantiate(engine.compile(wasm), CoreImports.NONE);
      return Objects.requireNonNull(
          catchThrowableOfType(TrapException.class, () -> Guests.call(instance, call, arguments)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void rustWithDwarf4(Execution how) throws Exception {
    byte[] wasm = resource("traps.wasm");
    try (CoreEngine engine = Guests.engine(how)) {
      assertThat(trap(engine, wasm, "divides_by_zero", 0))
          .hasMessageContainingAll(
              "integer divide by zero",
              ", in <traps::ledger::Account>::split (",
              place("traps.rs", "split"));
      assertThat(trap(engine, wasm, "divides_by_zero", 0).frames())
          .anySatisfy(
              frame ->
                  assertThat(frame.toString())
                      .startsWith("divides_by_zero (")
                      .endsWith(place("traps.rs", "divides_by_zero") + ")"));
      assertThat(trap(engine, wasm, "panics", 3))
          .hasMessageContainingAll(
              "unreachable", "called from traps::ledger::share (", place("traps.rs", "share"));
      assertThat(trap(engine, wasm, "reads_outside", -4))
          .hasMessageContainingAll(
              "out of bounds memory access",
              ", in reads_outside (",
              place("traps.rs", "reads_outside"));
      TrapException deep = trap(engine, wasm, "never_ends", 1);
      assertThat(deep.kind()).isEqualTo(Kind.LIMIT);
      assertThat(deep).hasMessageContaining("call stack exhausted, in never_ends (");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 100})
  void functionsThatWereCutHaveTheirLines(int largest) throws Exception {
    byte[] rust = resource("traps.wasm");
    try (CutEngine engine = new CutEngine(largest)) {
      assertThat(trap(engine, rust, "divides_by_zero", 0).frames())
          .hasToString(
              trap(Guests.engine(Execution.COMPILED), rust, "divides_by_zero", 0)
                  .frames()
                  .toString());
      assertThat(trap(engine, rust, "panics", 3))
          .hasMessageContainingAll("traps::ledger::share (", place("traps.rs", "share"));
      assertThat(trap(engine, resource("sum.wasm"), "unlike", 1, 0))
          .hasMessage("integer divide by zero, in part (" + place("part.h", "part") + ")");
      assertThat(trap(engine, resource("wide.wasm"), "far", 1_024, 2_048))
          .hasMessageContaining(", in far (" + place("wide.c", "back") + ")");
      assertThat(engine.parts()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void cWithDwarf5(Execution how) throws Exception {
    try (CoreEngine engine = Guests.engine(how)) {
      TrapException trap = trap(engine, resource("sum.wasm"), "unlike", 1, 0);
      assertThat(trap)
          .hasMessage("integer divide by zero, in part (" + place("part.h", "part") + ")");
      assertThat(trap.frames())
          .hasToString(
              "[part ("
                  + place("part.h", "part")
                  + "), unlike ("
                  + place("sum.c", "unlike")
                  + ")]");
    }
  }

  private static void assertPlaces(Execution how, String name) throws Exception {
    byte[] wasm = resource(name + ".wasm");
    String source = name + ".c";
    try (CoreEngine engine = Guests.engine(how)) {
      assertThat(trap(engine, wasm, "far", 1_024, 1 << 28))
          .hasMessageContainingAll(
              "out of bounds memory access", ", in far (" + place(source, "far") + ")");
      assertThat(trap(engine, wasm, "far", 1_024, 2_048))
          .hasMessageContainingAll(
              "out of bounds memory access", ", in far (" + place(source, "back") + ")");
      assertThat(trap(engine, wasm, "far", 1_024, 16))
          .hasMessage("integer divide by zero, in far (" + place(source, "division") + ")");
    }
  }

  @ParameterizedTest
  @EnumSource
  void vectorsLeaveOtherInstructionsWhereTheyAre(Execution how) throws Exception {
    assertPlaces(how, "lanes");
  }

  /** Its code is written anew, and is longer than what the debug information is of. */
  @ParameterizedTest
  @EnumSource
  void soDoAddressesOf64Bits(Execution how) throws Exception {
    assertPlaces(how, "wide");
  }

  @ParameterizedTest
  @EnumSource
  void withoutDebugInformationTheFunctionIsNamed(Execution how) throws Exception {
    try (CoreEngine engine = Guests.engine(how)) {
      assertThat(trap(engine, Guests.wasm("traps"), "div_s", 1, 0))
          .hasMessage("integer divide by zero, in function 2");
    }
  }

  @Test
  void whatComesFromTheCacheSaysTheSame(@TempDir Path folder) throws Exception {
    EngineOptions options = EngineOptions.defaults().withCache(folder, 1 << 30);
    byte[] wasm = resource("sum.wasm");
    String first;
    try (CoreEngine engine = Engines.endive(options)) {
      first = trap(engine, wasm, "unlike", 1, 0).getMessage();
    }
    try (CoreEngine engine = Engines.endive(options)) {
      assertThat(trap(engine, wasm, "unlike", 1, 0))
          .hasMessage(first)
          .hasMessageContaining("part.h");
    }
  }
}

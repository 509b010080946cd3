package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreGlobal;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What no one thought of. */
class RandomFunctionsTest {
  /** Random functions, of any vector instructions among others: all ways do the same. */
  @Test
  void randomFunctionsDoTheSameInAllWays() throws Exception {
    Map<String, CoreEngine> engines = EveryKind.enginesAndPieces();
    int answers = 0;
    try {
      for (int seed = 1; seed <= Integer.getInteger("wattle.vectors.modules", 3); seed++) {
        byte[] wasm = RandomModule.vectors(seed);
        List<String> expected =
            outcome(Objects.requireNonNull(engines.get("INTERPRETED_ALL")), wasm);
        for (Map.Entry<String, CoreEngine> engine : engines.entrySet()) {
          assertThat(outcome(engine.getValue(), wasm))
              .as("seed %d, %s", seed, engine.getKey())
              .isEqualTo(expected);
        }
        answers += (int) expected.stream().filter(line -> line.contains(" = ")).count();
      }
    } finally {
      engines.values().forEach(CoreEngine::close);
    }
    assertThat(answers).as("calls that did not trap").isGreaterThan(5);
  }

  /** What all functions without parameters answer, in order, and what they leave behind. */
  private static List<String> outcome(CoreEngine engine, byte[] wasm) throws Exception {
    List<String> outcome = new ArrayList<>();
    try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = store.instantiate(engine.compile(wasm), CoreImports.NONE);
      for (int i = 0; i < RandomModule.FUNCTIONS; i++) {
        CoreFunction function = Guests.function(instance, "f" + i);
        long[] arguments = new long[CoreValueType.words(function.type().parameters())];
        Arrays.setAll(arguments, word -> 0x0102030405060708L * (word + 1));
        try {
          outcome.add("f" + i + " = " + show(function.type().results(), function.call(arguments)));
        } catch (TrapException e) {
          outcome.add("f" + i + ": " + e.getMessage());
          EveryKind.forgive(store);
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

  /** Without the NaNs. */
  private static String show(List<CoreValueType> types, long[] words) {
    StringBuilder shown = new StringBuilder();
    int next = 0;
    for (CoreValueType type : types) {
      shown.append(
          switch (type) {
            case F32 -> " " + Float.intBitsToFloat((int) words[next]);
            case F64 -> " " + Double.longBitsToDouble(words[next]);
            case I32 -> " " + (int) words[next];
            case V128 -> " " + words[next] + "," + words[next + 1];
            default -> " " + words[next];
          });
      next += type.words();
    }
    return shown.toString();
  }
}

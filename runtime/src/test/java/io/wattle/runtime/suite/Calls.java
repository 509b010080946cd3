package io.wattle.runtime.suite;

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
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.endive.EveryKind;
import io.wattle.runtime.testing.CargoTool;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Calls of core modules, and what they answer, in words that two runtimes have in common. */
final class Calls implements AutoCloseable {
  private static final int MOST = 4;
  private static final List<CoreValueType> NUMBERS =
      List.of(CoreValueType.I32, CoreValueType.I64, CoreValueType.F32, CoreValueType.F64);

  private static final String UNCAUGHT = "thrown Wasm exception";

  /** Kinds of traps, by a part of the message; the first that fits. */
  private static final List<String> KINDS =
      List.of(
          "unreachable",
          "divide by zero",
          "integer overflow",
          "invalid conversion",
          "out of bounds memory access",
          "uninitialized element",
          "indirect call type mismatch",
          "out of bounds table access",
          "call stack exhausted",
          "null reference",
          UNCAUGHT,
          "fuel");

  private static final long[] INTERESTING = {
    0, 1, 2, -1, 7, 100, 65_535, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE
  };

  /** Uses after which a snapshot is hot: some before, some after that are compared. */
  private static final int HOT = 2;

  private static final int USES = 6;
  private static final int KEPT = 2;

  private final Map<String, CoreEngine> engines = EveryKind.engines();

  /** As a host has it: stores of a snapshot, which get flat memories by and by, and are reset. */
  private final CoreEngine heating =
      Engines.endive(EngineOptions.defaults().withHotAfter(HOT).withCompiler(Runnable::run));

  private final Random random = new Random(1);
  private int hot;

  /** A call, its arguments as bits. */
  record Call(
      String function,
      List<CoreValueType> parameters,
      List<CoreValueType> results,
      List<Long> bits) {
    /** As wasmtime takes them. */
    List<String> arguments() {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < bits.size(); i++) {
        texts.add(text(parameters.get(i), bits.get(i)));
      }
      return texts;
    }
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Calls.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    }
  }

  /** Why a module cannot be called, by either of the ways in which functions run; else empty. */
  String refusal(byte[] wasm) {
    for (CoreEngine engine : engines.values()) {
      try {
        var _ = engine.compile(wasm);
      } catch (InvalidModuleException e) {
        return String.valueOf(e.getMessage());
      }
    }
    return "";
  }

  /** Some calls of a module's functions that take and give numbers. */
  List<Call> of(byte[] wasm) throws InvalidModuleException {
    List<Call> calls = new ArrayList<>();
    CoreModule module = heating.compile(wasm);
    for (CoreModule.CoreExport export : module.exports()) {
      if (calls.size() < MOST
          && export.type() instanceof CoreExternType.Func function
          && NUMBERS.containsAll(function.parameters())
          && function.results().stream().allMatch(Calls::isShown)
          && export.name().matches("[A-Za-z0-9_]+")) {
        List<Long> bits = function.parameters().stream().map(this::bits).toList();
        calls.add(new Call(export.name(), function.parameters(), function.results(), bits));
      }
    }
    return calls;
  }

  /** Whether wasmtime shows what it gives: vectors too, which it does not take. */
  private static boolean isShown(CoreValueType type) {
    return type == CoreValueType.V128 || NUMBERS.contains(type);
  }

  private long bits(CoreValueType type) {
    long value = INTERESTING[random.nextInt(INTERESTING.length)];
    return switch (type) {
      case I32 -> (int) value & 0xffff_ffffL;
      case F32 -> Float.floatToRawIntBits(value / 2f) & 0xffff_ffffL;
      case F64 -> Double.doubleToRawLongBits(value / 2d);
      default -> value;
    };
  }

  /** Values of results. */
  private static List<String> texts(List<CoreValueType> types, long[] words) {
    List<String> texts = new ArrayList<>();
    int next = 0;
    for (CoreValueType type : types) {
      texts.add(
          type == CoreValueType.V128
              ? vector(words[next], words[next + 1])
              : text(type, words[next]));
      next += type.words();
    }
    return texts;
  }

  /** As one number without a sign. */
  private static String vector(long low, long high) {
    return new BigInteger(Long.toUnsignedString(high))
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(low)))
        .toString();
  }

  private static String text(CoreValueType type, long bits) {
    return switch (type) {
      case I32 -> Integer.toString((int) bits);
      case F32 -> number(Float.intBitsToFloat((int) bits));
      case F64 -> number(Double.longBitsToDouble(bits));
      default -> Long.toString(bits);
    };
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "NaN" : Double.toString(value);
  }

  /** An element beyond a table's end is the same to wasmtime, whichever instruction wants it. */
  private static String trap(String said) {
    String message =
        said.replace("undefined element", "out of bounds table access")
            .replace("the guest threw an exception that nothing caught", UNCAUGHT);
    return "trap "
        + KINDS.stream()
            .filter(message::contains)
            .findFirst()
            .orElse(message.replaceAll("\\s+", " "));
  }

  /** What wasmtime said. */
  static String answer(CargoTool.Result said, List<CoreValueType> results) {
    if (!said.ok()) {
      int trap = said.output().indexOf("wasm trap: ");
      return trap(trap < 0 ? said.output() : said.output().substring(trap));
    }
    List<String> lines =
        said.output().lines().filter(line -> !line.startsWith("warning:")).toList();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < lines.size() && i < results.size(); i++) {
      values.add(
          switch (results.get(i)) {
            case F32 -> number(Float.parseFloat(lines.get(i).replace("inf", "Infinity")));
            case F64 -> number(Double.parseDouble(lines.get(i).replace("inf", "Infinity")));
            default -> lines.get(i);
          });
    }
    return "returns " + values;
  }

  /** How our answers differ from what was expected, in each way to run a module. */
  List<String> differences(byte[] wasm, Call call, String expected) throws InvalidModuleException {
    List<String> differences = new ArrayList<>();
    Map<String, String> answers = new LinkedHashMap<>();
    for (Map.Entry<String, CoreEngine> engine : engines.entrySet()) {
      try (CoreStore store = engine.getValue().newStore(StoreLimits.DEFAULT)) {
        answers.put(engine.getKey(), answer(engine.getValue(), store, wasm, call));
      }
    }
    hot(wasm, call, answers);
    answers.forEach(
        (kind, ours) -> {
          if (!ours.equals(expected) && !expected.equals("trap fuel")) {
            differences.add(kind + ": " + ours + " (wasmtime: " + expected + ")");
          }
        });
    return differences;
  }

  /** Calls it again and again in stores of a snapshot, which become hot. */
  private void hot(byte[] wasm, Call call, Map<String, String> answers)
      throws InvalidModuleException {
    CoreSnapshot snapshot;
    try (CoreStore first = heating.newStore(StoreLimits.DEFAULT)) {
      var _ = first.instantiate(heating.compile(wasm), CoreImports.NONE);
      snapshot = first.snapshot();
    } catch (TrapException e) {
      return; // it traps while it is made, which the other ways tell
    }
    CoreStore store = null;
    CoreInstance instance = null;
    for (int use = 0; use < USES; use++) {
      if (store == null || instance == null) {
        store = heating.newStore(StoreLimits.DEFAULT, heating.memory(), snapshot, KEPT);
        instance = store.instantiate(heating.compile(wasm), CoreImports.NONE);
      }
      hot += store.isDear() ? 1 : 0;
      answers.put((store.isDear() ? "HOT_" : "WARMING_") + use, answer(instance, call));
      if (store.poisoned() || !again(store)) {
        store.close();
        store = null;
      }
    }
    if (store != null) {
      store.close();
    }
  }

  private static boolean again(CoreStore store) {
    store.reset();
    return store.takeUp();
  }

  /** Answers that instances with flat memories gave because their component was hot. */
  int hot() {
    return hot;
  }

  private static String answer(CoreEngine engine, CoreStore store, byte[] wasm, Call call)
      throws InvalidModuleException {
    try {
      return answer(store.instantiate(engine.compile(wasm), CoreImports.NONE), call);
    } catch (TrapException e) {
      return trap(String.valueOf(e.getMessage()));
    }
  }

  private static String answer(CoreInstance instance, Call call) {
    try {
      CoreFunction function =
          (CoreFunction) Objects.requireNonNull(instance.export(call.function()));
      long[] results = function.call(call.bits().stream().mapToLong(Long::longValue).toArray());
      return "returns " + texts(call.results(), results);
    } catch (TrapException e) {
      return trap(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    engines.values().forEach(CoreEngine::close);
    heating.close();
  }
}

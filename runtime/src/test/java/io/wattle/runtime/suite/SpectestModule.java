package io.wattle.runtime.suite;

import io.wattle.runtime.engine.CoreExtern;
import io.wattle.runtime.engine.CoreExternType.Func;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreValueType;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The module {@code spectest} that the suite's scripts import from: functions that print, here into
 * the void, and globals, tables and a memory, which a module of its own has.
 */
final class SpectestModule {
  static final String NAME = "spectest";

  /** What is no function, as the interpreter of the specification has it. */
  static final String TEXT =
      """
      (module
        (global (export "global_i32") i32 (i32.const 666))
        (global (export "global_i64") i64 (i64.const 666))
        (global (export "global_f32") f32 (f32.const 666.6))
        (global (export "global_f64") f64 (f64.const 666.6))
        (table (export "table") 10 20 funcref)
        (table (export "table64") i64 10 20 funcref)
        (memory (export "memory") 1 2))
      """;

  private static final long[] NOTHING = {};

  private SpectestModule() {}

  /** What it exports, by name, beside what an instance of {@link #TEXT} does. */
  static CoreImports exports(CoreInstance rest) {
    Map<String, CoreExtern> functions = new HashMap<>();
    print(functions, "print");
    for (CoreValueType type :
        List.of(CoreValueType.I32, CoreValueType.I64, CoreValueType.F32, CoreValueType.F64)) {
      print(functions, "print_" + type.name().toLowerCase(Locale.ROOT), type);
    }
    print(functions, "print_i32_f32", CoreValueType.I32, CoreValueType.F32);
    print(functions, "print_f64_f64", CoreValueType.F64, CoreValueType.F64);
    return (module, name) -> functions.containsKey(name) ? functions.get(name) : rest.export(name);
  }

  private static void print(
      Map<String, CoreExtern> into, String name, CoreValueType... parameters) {
    into.put(
        name, CoreFunction.host(new Func(List.of(parameters), List.of()), arguments -> NOTHING));
  }
}

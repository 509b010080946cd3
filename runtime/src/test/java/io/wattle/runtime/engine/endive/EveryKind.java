package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.Engines;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Engines that must give the same answers. */
public final class EveryKind {
  private EveryKind() {}

  /**
   * By name: how functions run and what memories are made of, second code included. What is
   * interpreted at first stays so: no code is ever ready.
   */
  public static Map<String, CoreEngine> engines() {
    Map<String, CoreEngine> engines = new LinkedHashMap<>();
    for (Guests.Kind kind :
        List.of(Guests.Kind.COMPILED, Guests.Kind.COMPILED_FLAT, Guests.Kind.COMPILED_MARKED)) {
      engines.put(kind.name(), Guests.engine(kind));
    }
    engines.put(
        "INTERPRETED",
        Engines.endive(
            EngineOptions.defaults().withExecution(Execution.TIERED).withCompiler(never -> {})));
    return engines;
  }
}

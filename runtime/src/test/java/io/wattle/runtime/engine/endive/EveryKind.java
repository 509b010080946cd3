package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreStore;
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

  /** Estimated bytes above which functions are cut; with far fewer no part would save anything. */
  private static final int SMALL = 100;

  /** The same, all interpreted, and with functions that are cut into small pieces. */
  public static Map<String, CoreEngine> enginesAndPieces() {
    Map<String, CoreEngine> engines = engines();
    engines.put("INTERPRETED_ALL", Guests.engine(Execution.INTERPRETED));
    engines.put("CUT", new CutEngine(SMALL));
    return engines;
  }

  /** Functions that an engine has cut out of others. */
  public static int parts(CoreEngine engine) {
    return engine instanceof CutEngine cut ? cut.parts() : 0;
  }

  /** Lets instances run on although one trapped, which the product never does. */
  public static void forgive(CoreStore store) {
    ((EndiveStore) store).forgive();
  }
}

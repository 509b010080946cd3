package io.wattle.runtime.wasi;

import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.Engines;

/** The runtime all guests of these tests share. */
final class TestRuntimes {
  private static final ComponentRuntime SHARED =
      ComponentRuntime.on(Engines.endive(EngineOptions.defaults()));

  private static final ComponentRuntime INTERPRETING =
      ComponentRuntime.on(
          Engines.endive(EngineOptions.defaults().withExecution(Execution.INTERPRETED)));

  private TestRuntimes() {}

  /** One that compiles nothing. */
  static ComponentRuntime interpreting() {
    return INTERPRETING;
  }

  static ComponentRuntime shared() {
    return SHARED;
  }
}

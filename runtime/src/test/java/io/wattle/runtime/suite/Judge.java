package io.wattle.runtime.suite;

import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.wasi.preview1.CoreProgram;

/** Whether we take a binary for valid: a component, or a core module. */
final class Judge implements AutoCloseable {
  private final CoreEngine engine =
      Engines.endive(EngineOptions.defaults().withExecution(EngineOptions.Execution.INTERPRETED));
  private final ComponentRuntime runtime = ComponentRuntime.on(engine);

  /** Why not; empty when it is valid. */
  String refusal(byte[] wasm) {
    try {
      if (CoreProgram.isCoreModule(wasm)) {
        var _ = engine.compile(wasm);
      } else {
        runtime.validate(wasm);
      }
      return "";
    } catch (InvalidComponentException | InvalidModuleException e) {
      return "invalid: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    runtime.close();
    engine.close();
  }
}

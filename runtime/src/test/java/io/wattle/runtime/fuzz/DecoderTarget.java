package io.wattle.runtime.fuzz;

import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;

/** Any bytes are a component that loads, or are refused with a place and words. */
public final class DecoderTarget {
  private static final CoreEngine ENGINE =
      Engines.endive(EngineOptions.defaults().withExecution(EngineOptions.Execution.INTERPRETED));
  private static final ComponentRuntime RUNTIME = ComponentRuntime.on(ENGINE);

  private DecoderTarget() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] wasm) {
    try {
      var _ = RUNTIME.load(wasm);
    } catch (InvalidComponentException e) {
      String message = String.valueOf(e.getMessage());
      boolean placed =
          e.reason() == InvalidComponentException.Reason.CORE_MODULE
              || message.startsWith("offset 0x");
      if (!placed) {
        throw new AssertionError("refused without a place: " + message, e);
      }
    }
  }
}

package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.InvalidModuleException;
import java.util.Arrays;
import java.util.stream.IntStream;
import run.endive.wasm.WasmModule;

/** Refuses modules that are valid but that this engine would not keep within its limits. */
final class ModuleRules {
  private ModuleRules() {}

  static void check(WasmModule module) throws InvalidModuleException {
    // One that is only imported is a mismatch for whatever could be given for it.
    boolean shared =
        module
            .memorySection()
            .map(
                s ->
                    IntStream.range(0, s.memoryCount())
                        .anyMatch(i -> s.getMemory(i).limits().shared()))
            .orElse(false);
    if (shared) {
      throw new InvalidModuleException(
          "core module: a shared memory (threads proposal) is not supported");
    }
    // Objects of struct and array types would live on the host's heap, outside every limit.
    if (Arrays.stream(module.typeSection().types()).anyMatch(t -> t == null)) {
      throw new InvalidModuleException(
          "core module: struct and array types (garbage collection proposal) are not supported");
    }
  }
}

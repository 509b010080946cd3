package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.InvalidModuleException;
import java.util.Arrays;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.MemoryImport;

/** Refuses modules that are valid but that this engine would not keep within its limits. */
final class ModuleRules {
  private ModuleRules() {}

  static void check(WasmModule module) throws InvalidModuleException {
    boolean shared =
        module.importSection().stream()
                .anyMatch(i -> i instanceof MemoryImport m && m.limits().shared())
            || module
                .memorySection()
                .map(
                    s -> {
                      for (int i = 0; i < s.memoryCount(); i++) {
                        if (s.getMemory(i).limits().shared()) {
                          return true;
                        }
                      }
                      return false;
                    })
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

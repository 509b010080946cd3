package io.wattle.runtime.engine.endive.split;

import run.endive.wasm.WasmModule;
import run.endive.wasm.types.CodeSection;
import run.endive.wasm.types.FunctionSection;
import run.endive.wasm.types.TypeSection;

/** The same module with other code: what is not about functions stays as it is. */
public final class OtherCode {
  private OtherCode() {}

  /** Without custom sections, and without validation: whoever made the code vouches for it. */
  public static WasmModule of(
      WasmModule module, TypeSection types, FunctionSection functions, CodeSection code) {
    return WasmModule.builder()
        .setTypeSection(types)
        .setImportSection(module.importSection())
        .setFunctionSection(functions)
        .setTableSection(module.tableSection())
        .setMemorySection(module.memorySection().orElse(null))
        .setGlobalSection(module.globalSection())
        .setExportSection(module.exportSection())
        .setStartSection(module.startSection().orElse(null))
        .setElementSection(module.elementSection())
        .setCodeSection(code)
        .setDataSection(module.dataSection())
        .setDataCountSection(module.dataCountSection().orElse(null))
        .setTagSection(module.tagSection().orElse(null))
        .withValidation(false)
        .build();
  }
}

package io.wattle.runtime.engine.endive.split;

import run.endive.wasm.WasmModule;
import run.endive.wasm.types.CodeSection;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExportSection;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionSection;
import run.endive.wasm.types.GlobalSection;
import run.endive.wasm.types.ImportSection;
import run.endive.wasm.types.TypeSection;

/** The same module with other code: what is not about functions stays as it is. */
public final class OtherCode {
  private OtherCode() {}

  /** Without custom sections, and without validation: whoever made the code vouches for it. */
  public static WasmModule of(
      WasmModule module, TypeSection types, FunctionSection functions, CodeSection code) {
    return of(module, types, module.importSection(), functions, module.globalSection(), code)
        .withValidation(false)
        .build();
  }

  /** With other globals and bodies, as above. */
  public static WasmModule of(WasmModule module, GlobalSection globals, CodeSection code) {
    return of(
            module,
            module.typeSection(),
            module.importSection(),
            module.functionSection(),
            globals,
            code)
        .withValidation(false)
        .build();
  }

  /** With pairs of i64 in the place of vectors, but for the code, which stays as it is. */
  static WasmModule withPairs(WasmModule module) {
    return of(
            module,
            PairTypes.of(module.typeSection()),
            PairTypes.of(module.importSection()),
            module.functionSection(),
            PairTypes.of(module.globalSection()),
            module.codeSection())
        .withValidation(false)
        .build();
  }

  /** With imports that differ in their names only. */
  public static WasmModule withImports(WasmModule module, ImportSection imports) {
    return whole(module, module.typeSection(), imports).withValidation(false).build();
  }

  /** With other types of the same numbers and meaning. */
  public static WasmModule withTypes(WasmModule module, TypeSection types) {
    return whole(module, types, module.importSection()).withValidation(false).build();
  }

  /**
   * The same once more, if it is valid.
   *
   * @throws run.endive.wasm.InvalidException when it is not
   */
  public static WasmModule validated(WasmModule module) {
    return whole(module, module.typeSection(), module.importSection()).withValidation(true).build();
  }

  private static WasmModule.Builder whole(
      WasmModule module, TypeSection types, ImportSection imports) {
    WasmModule.Builder builder =
        of(
            module,
            types,
            imports,
            module.functionSection(),
            module.globalSection(),
            module.codeSection());
    module.customSections().forEach(each -> builder.addCustomSection(each.name(), each));
    return builder;
  }

  private static WasmModule.Builder of(
      WasmModule module,
      TypeSection types,
      ImportSection imports,
      FunctionSection functions,
      GlobalSection globals,
      CodeSection code) {
    return WasmModule.builder()
        .setTypeSection(types)
        .setImportSection(withCommonNames(imports))
        .setFunctionSection(functions)
        .setTableSection(module.tableSection())
        .setMemorySection(module.memorySection().orElse(null))
        .setGlobalSection(globals)
        .setExportSection(withCommonNames(module.exportSection()))
        .setStartSection(module.startSection().orElse(null))
        .setElementSection(module.elementSection())
        .setCodeSection(code)
        .setDataSection(module.dataSection())
        .setDataCountSection(module.dataCountSection().orElse(null))
        .setTagSection(module.tagSection().orElse(null));
  }

  /** Modules name the same functions over and over, and what is made here may stay for long. */
  private static ImportSection withCommonNames(ImportSection given) {
    ImportSection.Builder imports = ImportSection.builder();
    given.stream()
        .map(
            wanted ->
                wanted instanceof FunctionImport f
                    ? new FunctionImport(f.module().intern(), f.name().intern(), f.typeIndex())
                    : wanted)
        .forEach(imports::addImport);
    return imports.build();
  }

  private static ExportSection withCommonNames(ExportSection given) {
    ExportSection.Builder exports = ExportSection.builder();
    for (int i = 0; i < given.exportCount(); i++) {
      Export each = given.getExport(i);
      exports.addExport(new Export(each.name().intern(), each.index(), each.exportType()));
    }
    return exports.build();
  }
}

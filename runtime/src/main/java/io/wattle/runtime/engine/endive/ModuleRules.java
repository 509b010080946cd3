package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.engine.endive.split.Lowered;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.TagImport;

/**
 * Refuses modules that are valid but that this engine would not keep within its limits or cannot
 * run, and those that are not valid where Endive's parser does not look.
 */
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
      throw refusal("a shared memory (threads proposal) is not supported");
    }
    checkTypes(module);
    checkExports(module);
    checkTags(module);
    checkTables(module);
    ConstantRules.check(module);
    CodeRules.check(module);
    CallRules.check(module);
  }

  /** Endive keeps no vectors in fields, nor has its compiler any beside objects. */
  private static void checkTypes(WasmModule module) throws InvalidModuleException {
    boolean hasObjects = Arrays.stream(module.typeSection().types()).anyMatch(t -> t == null);
    if (hasObjects && Lowered.hasVectors(module)) {
      throw refusal(
          "vectors in a module with struct or array types (garbage collection proposal) are not"
              + " supported");
    }
    if (hasObjects && HeapTypes.hasVectors(module.typeSection())) {
      throw refusal("fields that are vectors (garbage collection proposal) are not supported");
    }
  }

  private static InvalidModuleException refusal(String rule) {
    return new InvalidModuleException("core module: " + rule);
  }

  private static int own(WasmModule module, ExternalType kind) {
    return switch (kind) {
      case FUNCTION -> module.functionSection().functionCount();
      case TABLE -> module.tableSection().tableCount();
      case MEMORY -> module.memorySection().map(s -> s.memoryCount()).orElse(0);
      case GLOBAL -> module.globalSection().globalCount();
      case TAG -> module.tagSection().map(s -> s.tagCount()).orElse(0);
    };
  }

  /** Core specification, 3.5.11 "exports" and 3.5.14 "modules". */
  private static void checkExports(WasmModule module) throws InvalidModuleException {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < module.exportSection().exportCount(); i++) {
      Export export = module.exportSection().getExport(i);
      ExternalType kind = export.exportType();
      if (!names.add(export.name())) {
        throw refusal("duplicate export name: " + export.name());
      }
      int count = module.importSection().count(kind) + own(module, kind);
      if (export.index() < 0 || export.index() >= count) {
        throw refusal(
            "export "
                + export.name()
                + ": unknown "
                + kind.name().toLowerCase(Locale.ROOT)
                + " "
                + Integer.toUnsignedLong(export.index())
                + " (expected: below "
                + count
                + ")");
      }
    }
  }

  /** Exceptions carry parameters only. */
  private static void checkTags(WasmModule module) throws InvalidModuleException {
    boolean gives =
        module.importSection().stream()
            .filter(TagImport.class::isInstance)
            .map(wanted -> ((TagImport) wanted).tagType().typeIdx())
            .map(module.typeSection()::getType)
            .map(FunctionType::returns)
            .anyMatch(results -> !results.isEmpty());
    if (gives) {
      throw refusal("an imported tag: non-empty tag result type");
    }
  }

  /** A table comes before the module's own globals, so what fills it sees only imported ones. */
  private static void checkTables(WasmModule module) throws InvalidModuleException {
    int globals = module.importSection().count(ExternalType.GLOBAL);
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      List<Instruction> filling = module.tableSection().getTable(i).initialize();
      for (Instruction each : filling == null ? List.<Instruction>of() : filling) {
        if (each.opcode() == OpCode.GLOBAL_GET && each.operand(0) >= globals) {
          throw refusal("table " + i + ": unknown global " + each.operand(0));
        }
      }
    }
  }
}

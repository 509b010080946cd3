package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.InvalidModuleException;
import java.util.BitSet;
import java.util.List;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ElementSection;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/**
 * A body may refer only to functions that are mentioned outside of bodies: in element segments,
 * exports, globals and tables (core specification, 3.4.1, {@code C.refs}). Endive's validator asks
 * only of a function that refers to itself.
 */
final class DeclaredFunctions {
  private final BitSet declared = new BitSet();

  private DeclaredFunctions() {}

  static void check(WasmModule module) throws InvalidModuleException {
    DeclaredFunctions functions = null;
    for (FunctionBody body : module.codeSection().functionBodies()) {
      for (Instruction instruction : body.instructions()) {
        if (instruction.opcode() == OpCode.REF_FUNC) {
          functions = functions == null ? of(module) : functions;
          if (!functions.declared.get((int) instruction.operand(0))) {
            throw new InvalidModuleException(
                "core module: code section: undeclared function reference: ref.func "
                    + instruction.operand(0)
                    + " (expected: a function of an export, a global, or an element segment)");
          }
        }
      }
    }
  }

  private static DeclaredFunctions of(WasmModule module) {
    DeclaredFunctions functions = new DeclaredFunctions();
    ElementSection elements = module.elementSection();
    for (int i = 0; i < elements.elementCount(); i++) {
      elements.getElement(i).initializers().forEach(functions::add);
    }
    for (int i = 0; i < module.exportSection().exportCount(); i++) {
      Export export = module.exportSection().getExport(i);
      if (export.exportType() == ExternalType.FUNCTION) {
        functions.declared.set(export.index());
      }
    }
    for (int i = 0; i < module.globalSection().globalCount(); i++) {
      functions.add(module.globalSection().getGlobal(i).initInstructions());
    }
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      List<Instruction> filling = module.tableSection().getTable(i).initialize();
      functions.add(filling == null ? List.of() : filling);
    }
    return functions;
  }

  private void add(List<Instruction> constant) {
    for (Instruction instruction : constant) {
      if (instruction.opcode() == OpCode.REF_FUNC) {
        declared.set((int) instruction.operand(0));
      }
    }
  }
}

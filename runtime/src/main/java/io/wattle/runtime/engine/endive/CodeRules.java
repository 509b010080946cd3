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
 * What Endive's validator does not ask of instructions.
 *
 * <p>A body may refer only to functions that are mentioned outside of bodies: in element segments,
 * exports, globals and tables (core specification, 3.4.1, {@code C.refs}); Endive asks only of a
 * function that refers to itself. And a heap type is a type's index or one of those that every
 * module has (5.3.2).
 */
final class CodeRules {
  private static final int FIRST_ABSTRACT = -0x17;
  private static final int LAST_ABSTRACT = -0x0c;

  private final BitSet declared = new BitSet();

  private CodeRules() {}

  static void check(WasmModule module) throws InvalidModuleException {
    CodeRules rules = null;
    for (FunctionBody body : module.codeSection().functionBodies()) {
      for (Instruction instruction : body.instructions()) {
        switch (instruction.opcode()) {
          case REF_FUNC -> {
            rules = rules == null ? of(module) : rules;
            rules.checkFunction(instruction);
          }
          case REF_NULL, REF_TEST, REF_TEST_NULL, CAST_TEST, CAST_TEST_NULL ->
              checkHeapType(instruction, 0, module);
          case BR_ON_CAST, BR_ON_CAST_FAIL -> {
            checkHeapType(instruction, 2, module);
            checkHeapType(instruction, 3, module);
          }
          default -> {}
        }
      }
    }
  }

  private void checkFunction(Instruction instruction) throws InvalidModuleException {
    if (!declared.get((int) instruction.operand(0))) {
      throw new InvalidModuleException(
          "core module: code section: undeclared function reference: ref.func "
              + instruction.operand(0)
              + " (expected: a function of an export, a global, or an element segment)");
    }
  }

  private static void checkHeapType(Instruction instruction, int operand, WasmModule module)
      throws InvalidModuleException {
    int type = (int) instruction.operand(operand);
    boolean abstracted = type >= FIRST_ABSTRACT && type <= LAST_ABSTRACT;
    if (!abstracted && (type < 0 || type >= module.typeSection().subTypeCount())) {
      throw new InvalidModuleException(
          "core module: code section: at byte "
              + instruction.address()
              + ": unknown type: heap type "
              + type);
    }
  }

  private static CodeRules of(WasmModule module) {
    CodeRules functions = new CodeRules();
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

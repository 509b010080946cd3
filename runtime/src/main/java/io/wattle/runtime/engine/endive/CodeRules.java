package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.InvalidModuleException;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ElementSection;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;
import run.endive.wasm.types.WasmEncoding;

/**
 * What Endive's validator does not ask of instructions.
 *
 * <p>A body may refer only to functions that are mentioned outside of bodies: in element segments,
 * exports, globals and tables (core specification, 3.4.1, {@code C.refs}); Endive asks only of a
 * function that refers to itself. A heap type is a type's index or one of those that every module
 * has (5.3.2), and an index is below the number of what there is (3.4.11, 3.4.12).
 */
final class CodeRules {
  private static final int FIRST_ABSTRACT = -0x17;
  private static final int LAST_ABSTRACT = -0x0c;

  /** Whether what is given and what is wanted can be null (5.4.1). */
  private static final int CAST_FLAGS = 4;

  private static final Set<OpCode> VECTOR_ACCESSES = EnumSet.noneOf(OpCode.class);

  static {
    EnumSet.range(OpCode.V128_LOAD, OpCode.F64x2_CONVERT_LOW_I32x4_U).stream()
        .filter(each -> OpCode.signature(each).contains(WasmEncoding.MEMARG))
        .forEach(VECTOR_ACCESSES::add);
  }

  private final WasmModule module;
  private final int tables;
  private final int memories;

  /** The functions that are mentioned outside of bodies; null until somebody asks. */
  private @Nullable BitSet declared;

  private CodeRules(WasmModule module) {
    this.module = module;
    tables = module.importSection().count(ExternalType.TABLE) + module.tableSection().tableCount();
    memories =
        module.importSection().count(ExternalType.MEMORY)
            + module.memorySection().map(s -> s.memoryCount()).orElse(0);
  }

  static void check(WasmModule module) throws InvalidModuleException {
    CodeRules rules = new CodeRules(module);
    for (FunctionBody body : module.codeSection().functionBodies()) {
      checkLocals(body);
      for (Instruction instruction : body.instructions()) {
        rules.check(instruction);
      }
    }
  }

  private void check(Instruction instruction) throws InvalidModuleException {
    switch (instruction.opcode()) {
      case REF_FUNC -> checkFunction(instruction);
      case REF_NULL, REF_TEST, REF_TEST_NULL, CAST_TEST, CAST_TEST_NULL ->
          checkHeapType(instruction, instruction.operand(0));
      case BR_ON_CAST, BR_ON_CAST_FAIL -> {
        checkIndex("cast flags", instruction, 0, CAST_FLAGS);
        checkHeapType(instruction, instruction.operand(2));
        checkHeapType(instruction, instruction.operand(3));
      }
      // A value type has its heap type in its upper half.
      case BLOCK, LOOP, IF, TRY_TABLE, SELECT_T ->
          checkHeapType(instruction, instruction.operand(0) >> Integer.SIZE);
      case TABLE_SIZE -> checkIndex("table", instruction, 0, tables);
      default -> {
        if (VECTOR_ACCESSES.contains(instruction.opcode())) {
          checkIndex("memory", instruction, 2, memories);
        }
      }
    }
  }

  private static void checkIndex(String what, Instruction instruction, int operand, int count)
      throws InvalidModuleException {
    long index = instruction.operand(operand);
    if (index < 0 || index >= count) {
      throw refusal(instruction.address(), "unknown " + what + " " + index);
    }
  }

  private void checkHeapType(Instruction instruction, long type) throws InvalidModuleException {
    boolean known =
        type < 0 ? isAbstract(type) : type == 0 || type < module.typeSection().subTypeCount();
    if (!known) {
      throw refusal(instruction.address(), "unknown type: heap type " + type);
    }
  }

  private static void checkLocals(FunctionBody body) throws InvalidModuleException {
    for (ValType type : body.localTypes()) {
      if (type.isReference() && type.typeIdx() < 0 && !isAbstract(type.typeIdx())) {
        throw refusal(
            body.instructions().getFirst().address(),
            "unknown type: heap type " + type.typeIdx() + " of a local");
      }
    }
  }

  private static boolean isAbstract(long type) {
    return type >= FIRST_ABSTRACT && type <= LAST_ABSTRACT;
  }

  private static InvalidModuleException refusal(int at, String rule) {
    return new InvalidModuleException("core module: code section: at byte " + at + ": " + rule);
  }

  private void checkFunction(Instruction instruction) throws InvalidModuleException {
    BitSet known = declared;
    if (known == null) {
      known = mentioned();
      declared = known;
    }
    if (!known.get((int) instruction.operand(0))) {
      throw new InvalidModuleException(
          "core module: code section: undeclared function reference: ref.func "
              + instruction.operand(0)
              + " (expected: a function of an export, a global, or an element segment)");
    }
  }

  private BitSet mentioned() {
    BitSet functions = new BitSet();
    ElementSection elements = module.elementSection();
    for (int i = 0; i < elements.elementCount(); i++) {
      elements.getElement(i).initializers().forEach(each -> add(each, functions));
    }
    for (int i = 0; i < module.exportSection().exportCount(); i++) {
      Export export = module.exportSection().getExport(i);
      if (export.exportType() == ExternalType.FUNCTION) {
        functions.set(export.index());
      }
    }
    for (int i = 0; i < module.globalSection().globalCount(); i++) {
      add(module.globalSection().getGlobal(i).initInstructions(), functions);
    }
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      List<Instruction> filling = module.tableSection().getTable(i).initialize();
      add(filling == null ? List.of() : filling, functions);
    }
    return functions;
  }

  private static void add(List<Instruction> constant, BitSet functions) {
    for (Instruction instruction : constant) {
      if (instruction.opcode() == OpCode.REF_FUNC) {
        functions.set((int) instruction.operand(0));
      }
    }
  }
}

package io.wattle.runtime.engine.endive;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.GlobalImport;
import run.endive.wasm.types.Import;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.TableImport;
import run.endive.wasm.types.TagImport;
import run.endive.wasm.types.TypeSection;
import run.endive.wasm.types.ValType;

/**
 * Whether interpreting a module means the same as compiling it. Endive's interpreter fails where
 * exceptions or host references go from one machine to another, and keeps a block's parameters
 * where a branch must drop them. Modules that use such are compiled before they run.
 */
final class Interpretable {
  /** Of a block that takes and gives nothing. */
  private static final long NO_TYPE = 0x40;

  private static final Set<OpCode> SAME = EnumSet.range(OpCode.UNREACHABLE, OpCode.TABLE_FILL);

  static {
    SAME.addAll(EnumSet.range(OpCode.V128_LOAD, OpCode.F64x2_CONVERT_LOW_I32x4_U));
    SAME.removeAll(EnumSet.range(OpCode.THROW, OpCode.THROW_REF));
    SAME.removeAll(EnumSet.range(OpCode.CALL_REF, OpCode.RETURN_CALL_REF));
    SAME.removeAll(EnumSet.range(OpCode.REF_EQ, OpCode.I31_GET_U));
    SAME.remove(OpCode.TRY_TABLE);
  }

  private Interpretable() {}

  static boolean check(WasmModule module) {
    return Arrays.stream(module.typeSection().types()).allMatch(t -> t != null && plain(t))
        && Arrays.stream(module.globalSection().globals()).allMatch(g -> plain(g.valueType()))
        && module.tagSection().isEmpty()
        && module.importSection().stream().allMatch(Interpretable::plain)
        && tables(module)
        && Arrays.stream(module.codeSection().functionBodies())
            .allMatch(body -> plain(body, module.typeSection()));
  }

  private static boolean tables(WasmModule module) {
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      if (!plain(module.tableSection().getTable(i).elementType())) {
        return false;
      }
    }
    return true;
  }

  private static boolean plain(Import wanted) {
    return switch (wanted) {
      case GlobalImport global -> plain(global.type());
      case TableImport table -> plain(table.entryType());
      case TagImport _ -> false;
      default -> true;
    };
  }

  private static boolean plain(FunctionBody function, TypeSection types) {
    if (!plain(function.localTypes())) {
      return false;
    }
    for (AnnotatedInstruction instruction : function.instructions()) {
      if (!SAME.contains(instruction.opcode()) || takesParameters(instruction, types)) {
        return false;
      }
    }
    return true;
  }

  private static boolean takesParameters(Instruction instruction, TypeSection types) {
    return switch (instruction.opcode()) {
      case BLOCK, LOOP, IF -> {
        long type = instruction.operand(0);
        yield type != NO_TYPE
            && !ValType.isValid(type)
            && !types.getType((int) type).params().isEmpty();
      }
      default -> false;
    };
  }

  private static boolean plain(FunctionType type) {
    return plain(type.params()) && plain(type.returns());
  }

  private static boolean plain(List<ValType> types) {
    for (ValType type : types) {
      if (!plain(type)) {
        return false;
      }
    }
    return true;
  }

  private static boolean plain(ValType type) {
    return type.isNumeric() || type.equals(ValType.V128) || type.equals(ValType.FuncRef);
  }
}

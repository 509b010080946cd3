package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Node.Block;
import io.wattle.runtime.engine.endive.split.Node.Jump;
import io.wattle.runtime.engine.endive.split.Node.Operands;
import io.wattle.runtime.engine.endive.split.Node.Plain;
import java.util.ArrayList;
import java.util.List;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * Bytes of bytecode that Endive and the guard pass make of an instruction, rather too many than too
 * few: a function that is cut although it would just have fitted costs less than one that is not.
 */
final class Costs {
  /** Load or store of a local beyond this slot takes four bytes instead of two. */
  private static final int NARROW = 256;

  private static final int INVOKE = 3;
  private final int[] access;
  private final int reference;
  private final int frame;

  Costs(Function function) {
    this(function.locals, function.type.params().size());
  }

  private Costs(List<ValType> locals, int parameters) {
    int count = locals.size();
    access = new int[count];
    int slot = 0;
    int initial = 0;
    for (int i = 0; i < count; i++) {
      if (i == parameters) {
        slot += 2;
      }
      access[i] = slot < 4 ? 1 : slot < NARROW ? 2 : 4;
      ValType type = locals.get(i);
      slot += type.equals(ValType.I64) || type.equals(ValType.F64) ? 2 : 1;
      if (i >= parameters) {
        initial += 3 + access[i];
      }
    }
    int memory = parameters * 2;
    reference = memory < NARROW ? 2 : 4;
    frame = initial + 16;
  }

  /** A quick guess at a body, never less than what its tree would give. */
  static int atMost(FunctionBody body, FunctionType type, Types types) {
    List<ValType> locals = new ArrayList<>(type.params());
    locals.addAll(body.localTypes());
    Costs costs = new Costs(locals, type.params().size());
    int sum = costs.frame;
    for (Instruction instruction : body.instructions()) {
      sum +=
          switch (instruction.opcode()) {
            case BLOCK, LOOP, ELSE, END -> 0;
            case IF -> 6;
            case BR, BR_IF -> 32;
            case BR_TABLE -> 32 + 24 * instruction.operandCount();
            case RETURN -> 4;
            case TRY_TABLE -> 200;
            default -> costs.plain(instruction, types);
          };
    }
    return sum;
  }

  /** Entry check, and locals set to zero. */
  int frame() {
    return frame;
  }

  /** A node without what it contains. */
  int of(Node node, Operands stack, Types types) {
    return switch (node) {
      case Plain plain -> plain(plain.instruction(), types);
      case Jump jump -> jump(jump, stack);
      case Block block ->
          switch (block.opcode()) {
            case IF -> block.otherwise == null ? 3 : 6;
            case TRY_TABLE -> 16 + 6 * stack.height() + 40 * block.handlers.size();
            default -> 0;
          };
    };
  }

  private int jump(Jump jump, Operands stack) {
    return switch (jump.instruction().opcode()) {
      case BR -> 3 + back(jump.targets().getFirst()) + unwind(jump.targets().getFirst(), stack);
      case BR_IF -> {
        int unwind = unwind(jump.targets().getFirst(), stack.pop(1));
        int back = back(jump.targets().getFirst());
        yield back + unwind == 0 ? 3 : 6 + back + unwind;
      }
      case BR_TABLE -> {
        int sum = 16 + back(jump.targets().getFirst()) + 4 * jump.targets().size();
        for (Block target : jump.targets().stream().distinct().toList()) {
          int unwind = unwind(target, stack.pop(1));
          sum += unwind == 0 ? 0 : unwind + 3;
        }
        yield sum;
      }
      default -> 1 + (jump.targets().getFirst().results.size() > 1 ? INVOKE : 0);
    };
  }

  private int back(Block target) {
    return target.opcode() == OpCode.LOOP ? reference + INVOKE : 0;
  }

  private static int unwind(Block target, Operands stack) {
    int carried = target.carried().size();
    int dropped = Analysis.dropped(target, stack, target.carried());
    return dropped == 0 ? 0 : dropped + 8 * carried;
  }

  private int plain(Instruction instruction, Types types) {
    return switch (instruction.opcode()) {
      case NOP -> 0;
      case LOCAL_GET, LOCAL_SET -> access[(int) instruction.operand(0)];
      case LOCAL_TEE -> 1 + access[(int) instruction.operand(0)];
      case DROP -> 1;
      case SELECT, SELECT_T -> 16;
      case I32_CONST -> constant(instruction.operand(0));
      case I64_CONST, F32_CONST, F64_CONST -> 3;
      case GLOBAL_GET, GLOBAL_SET -> 3 + reference + INVOKE + 2;
      case CALL ->
          types.isStandIn((int) instruction.operand(0))
              ? INVOKE
              : call(types.function((int) instruction.operand(0)));
      case CALL_INDIRECT -> 3 + call(types.type((int) instruction.operand(0)));
      case UNREACHABLE -> INVOKE + 1;
      case THROW, THROW_REF, RETURN_CALL, RETURN_CALL_INDIRECT -> 80;
      case MEMORY_SIZE, MEMORY_GROW, MEMORY_COPY, MEMORY_FILL -> reference + INVOKE + 6;
      case MEMORY_INIT, TABLE_INIT, TABLE_COPY, TABLE_GROW, TABLE_FILL, TABLE_GET, TABLE_SET ->
          2 * reference + INVOKE + 10;
      default -> named(instruction);
    };
  }

  private int call(FunctionType type) {
    int boxed = type.params().size() > 250 ? 12 * type.params().size() : 0;
    int unboxed = type.returns().size() > 1 ? 8 * type.returns().size() : 0;
    return 2 * reference + INVOKE + boxed + unboxed;
  }

  private int named(Instruction instruction) {
    String name = instruction.opcode().name();
    if (name.contains("_LOAD") || name.contains("_STORE")) {
      int memory = instruction.operandCount() > 2 ? 8 : 0;
      return constant(instruction.operand(1)) + reference + INVOKE + 3 + memory;
    }
    return INVOKE + 1;
  }

  private static int constant(long value) {
    int i = (int) value;
    return i >= -1 && i <= 5 ? 1 : i == (byte) i ? 2 : 3;
  }
}

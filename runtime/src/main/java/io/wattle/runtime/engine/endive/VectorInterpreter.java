package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.vector.Evaluation;
import io.wattle.runtime.engine.endive.vector.V128;
import io.wattle.runtime.engine.endive.vector.VectorAccess;
import io.wattle.runtime.engine.endive.vector.VectorOp;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.MStack;
import run.endive.wasm.types.Instruction;

/**
 * Executes vector instructions for Endive's interpreter, which knows the values but none of them.
 */
final class VectorInterpreter {
  private static final int OFFSET = 1;
  private static final int MEMORY = 2;
  private static final int LANE = 3;
  private static final int LANES = 16;

  /** Known ones, by opcode and lane. */
  private static final AtomicReferenceArray<@Nullable Code> KNOWN =
      new AtomicReferenceArray<>(0x100 * LANES);

  private VectorInterpreter() {}

  /** What an instruction does; it is given itself for its other immediates. */
  private interface Code {
    void execute(MStack stack, Instance instance, Instruction instruction);
  }

  static void execute(MStack stack, Instance instance, Instruction instruction) {
    switch (instruction.opcode()) {
      case V128_CONST -> {
        stack.push(instruction.operand(0));
        stack.push(instruction.operand(1));
      }
      case I8x16_SHUFFLE -> {
        long bhigh = stack.pop();
        long blow = stack.pop();
        long ahigh = stack.pop();
        long alow = stack.pop();
        stack.push(V128.shuffle(alow, ahigh, blow, bhigh, instruction.operand(0)));
        stack.push(V128.shuffle(alow, ahigh, blow, bhigh, instruction.operand(1)));
      }
      default -> {
        int place = (instruction.opcode().opcode() & 0xff) * LANES + lane(instruction);
        Code code = KNOWN.get(place);
        if (code == null) {
          code = code(instruction);
          KNOWN.set(place, code);
        }
        code.execute(stack, instance, instruction);
      }
    }
  }

  private static int lane(Instruction instruction) {
    return switch (instruction.operandCount()) {
      case 1 -> (int) instruction.operand(0);
      case LANE + 1 -> (int) instruction.operand(LANE);
      default -> 0;
    };
  }

  private static Code code(Instruction instruction) {
    VectorOp op = VectorOp.of(instruction);
    if (op != null) {
      Evaluation evaluation = Evaluation.of(op);
      return (stack, _, _) -> evaluation.apply(stack);
    }
    return switch (VectorAccess.of(instruction)) {
      case VectorAccess.Load(int bytes, VectorOp then) -> load(bytes, evaluation(then));
      case VectorAccess.Store(int bytes, VectorOp before) -> store(bytes, evaluation(before));
      case null -> throw new IllegalStateException("no such instruction: " + instruction);
    };
  }

  private static @Nullable Evaluation evaluation(@Nullable VectorOp op) {
    return op == null ? null : Evaluation.of(op);
  }

  private static GuestMemory memory(Instance instance, Instruction instruction) {
    return (GuestMemory) instance.memory((int) instruction.operand(MEMORY));
  }

  private static long address(int base, Instruction instruction) {
    return Integer.toUnsignedLong(base) + instruction.operand(OFFSET);
  }

  private static Code load(int bytes, @Nullable Evaluation then) {
    return (stack, instance, instruction) -> {
      GuestMemory memory = memory(instance, instruction);
      if (then == null) {
        long at = address((int) stack.pop(), instruction);
        long low = memory.load64(at);
        long high = memory.load64(at + 8);
        stack.push(low);
        stack.push(high);
        return;
      }
      if (instruction.operandCount() <= LANE) {
        stack.push(loaded(memory, address((int) stack.pop(), instruction), bytes));
      } else {
        long high = stack.pop();
        long low = stack.pop();
        long value = loaded(memory, address((int) stack.pop(), instruction), bytes);
        stack.push(low);
        stack.push(high);
        stack.push(value);
      }
      then.apply(stack);
    };
  }

  private static long loaded(GuestMemory memory, long at, int bytes) {
    return switch (bytes) {
      case 1 -> memory.load8(at) & 0xff;
      case 2 -> memory.load16(at) & 0xffff;
      case 4 -> memory.load32(at);
      default -> memory.load64(at);
    };
  }

  private static Code store(int bytes, @Nullable Evaluation before) {
    return (stack, instance, instruction) -> {
      GuestMemory memory = memory(instance, instruction);
      if (before == null) {
        long high = stack.pop();
        long low = stack.pop();
        long at = address((int) stack.pop(), instruction);
        memory.store64(at + 8, high); // traps before anything is written
        memory.store64(at, low);
        return;
      }
      before.apply(stack);
      long value = stack.pop();
      long at = address((int) stack.pop(), instruction);
      switch (bytes) {
        case 1 -> memory.store8(at, (byte) value);
        case 2 -> memory.store16(at, (short) value);
        case 4 -> memory.store32(at, (int) value);
        default -> memory.store64(at, value);
      }
    };
  }
}

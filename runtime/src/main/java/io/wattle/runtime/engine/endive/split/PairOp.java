package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.vector.LaneFunction;
import io.wattle.runtime.engine.endive.vector.VectorOp;
import io.wattle.runtime.engine.endive.vector.VectorOp.Operand;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part;
import io.wattle.runtime.engine.endive.vector.VectorOp.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/** One operation on vectors, written with pairs. */
final class PairOp {
  /** Functions for which there is an instruction. */
  private static final Map<String, OpCode> INSTRUCTIONS =
      Map.of(
          "V128.and", OpCode.I64_AND,
          "V128.or", OpCode.I64_OR,
          "V128.xor", OpCode.I64_XOR,
          "I64x2.add", OpCode.I64_ADD,
          "I64x2.sub", OpCode.I64_SUB,
          "I64x2.mul", OpCode.I64_MUL);

  private final VectorOp op;
  private final ToIntFunction<StandIn> standIns;
  private final List<ValType> operands = new ArrayList<>();

  /** By operand, the number of its value, or of its lower half, counted from the first one. */
  private final int[] places;

  PairOp(VectorOp op, ToIntFunction<StandIn> standIns) {
    this.op = op;
    this.standIns = standIns;
    places = new int[op.operands().size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = operands.size();
      operands.add(type(op.operands().get(i)));
      if (op.operands().get(i) == Operand.VECTOR) {
        operands.add(ValType.I64);
      }
    }
  }

  private static ValType type(Operand operand) {
    return switch (operand) {
      case VECTOR, I64 -> ValType.I64;
      case I32 -> ValType.I32;
      case F32 -> ValType.F32;
      case F64 -> ValType.F64;
    };
  }

  /** What it takes from the stack. */
  List<ValType> operands() {
    return operands;
  }

  /**
   * Puts the result there.
   *
   * @param first number of its first operand's value
   */
  void compute(Straight code, int first) {
    switch (op.result()) {
      case Result.Vector(Part low, Part high) -> {
        part(low, ValType.I64, code, first);
        part(high, ValType.I64, code, first);
      }
      case Result.Scalar(Operand type, Part value) -> {
        boolean isNarrow = type == Operand.I32 || type == Operand.F32;
        part(value, isNarrow ? ValType.I32 : ValType.I64, code, first);
        if (type == Operand.F32) {
          code.add(OpCode.F32_REINTERPRET_I32);
        } else if (type == Operand.F64) {
          code.add(OpCode.F64_REINTERPRET_I64);
        }
      }
    }
  }

  private void part(Part part, ValType wanted, Straight code, int first) {
    switch (part) {
      case Part.Half(int operand, boolean high) ->
          code.use(first + places[operand] + (high ? 1 : 0));
      case Part.Value(int operand) -> {
        code.use(first + places[operand]);
        if (op.operands().get(operand) == Operand.F32) {
          code.add(OpCode.I32_REINTERPRET_F32);
        } else if (op.operands().get(operand) == Operand.F64) {
          code.add(OpCode.I64_REINTERPRET_F64);
        }
      }
      case Part.Constant(long bits) ->
          code.add(wanted.equals(ValType.I32) ? OpCode.I32_CONST : OpCode.I64_CONST, bits);
      case Part.Call(LaneFunction function, List<Part> arguments) -> {
        for (int i = 0; i < arguments.size(); i++) {
          ValType type = StandIn.valueType(function.type().parameterType(i));
          part(arguments.get(i), type, code, first);
        }
        OpCode instruction = INSTRUCTIONS.get(function.key());
        if (instruction == null) {
          code.add(OpCode.CALL, standIns.applyAsInt(StandIn.of(function)));
        } else {
          code.add(instruction);
        }
      }
    }
  }
}

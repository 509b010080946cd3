package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Held.Vector;
import io.wattle.runtime.engine.endive.vector.LaneFunction;
import io.wattle.runtime.engine.endive.vector.VectorAccess;
import io.wattle.runtime.engine.endive.vector.VectorOp;
import io.wattle.runtime.engine.endive.vector.VectorOp.Operand;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part;
import io.wattle.runtime.engine.endive.vector.VectorOp.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/** Writes vector instructions: lane by lane where that is best, else in halves. */
final class VectorCode {
  /** Functions for which there is an instruction. */
  private static final Map<String, OpCode> INSTRUCTIONS =
      Map.of("V128.or", OpCode.I64_OR, "V128.and", OpCode.I64_AND);

  private final HeldStack stack;
  private final Lanes lanes;
  private final LaneOps laneOps;
  private final ToIntFunction<StandIn> standIns;

  VectorCode(HeldStack stack, LocalShapes locals, ToIntFunction<StandIn> standIns) {
    this.stack = stack;
    this.lanes = new Lanes(stack, locals);
    this.laneOps = new LaneOps(lanes, standIns);
    this.standIns = standIns;
  }

  void write(Instruction instruction) {
    if (laneOps.apply(instruction)) {
      return;
    }
    VectorOp op = VectorOp.of(instruction);
    if (op != null) {
      compute(op, taken(op.operands()));
    } else {
      switch (VectorAccess.of(instruction)) {
        case VectorAccess.Load load -> load(instruction, load);
        case VectorAccess.Store store -> store(instruction, store);
        case null -> throw new IllegalStateException("nothing is known of " + instruction.opcode());
      }
    }
    stack.done();
  }

  // --- operations on halves

  /** Operands by their codes: two of a vector, in i64, the bits of other ones. */
  private List<List<Code>> taken(List<Operand> operands) {
    List<List<Code>> codes = new ArrayList<>();
    for (Operand operand : operands.reversed()) {
      codes.addFirst(taken(operand));
    }
    return codes;
  }

  private List<Code> taken(Operand operand) {
    return switch (operand) {
      case VECTOR -> settled(lanes.taken(Shape.I64));
      case I32 -> List.of(stack.number(ValType.I32));
      case I64 -> List.of(stack.number(ValType.I64));
      case F32 -> List.of(stack.number(ValType.F32).then(OpCode.I32_REINTERPRET_F32));
      case F64 -> List.of(stack.number(ValType.F64).then(OpCode.I64_REINTERPRET_F64));
    };
  }

  private List<Code> settled(List<Code> halves) {
    return halves.stream().map(half -> stack.settled(ValType.I64, half)).toList();
  }

  private void compute(VectorOp op, List<List<Code>> operands) {
    switch (op.result()) {
      case Result.Vector(Part low, Part high) -> {
        Code first = part(low, ValType.I64, operands);
        Code second = part(high, ValType.I64, operands);
        List<Code> halves = settled(List.of(first, second));
        stack.push(Vector.of(Shape.I64, halves));
      }
      case Result.Scalar(Operand type, Part value) -> {
        switch (type) {
          case I32 -> lanes.pushNumber(ValType.I32, part(value, ValType.I32, operands));
          case I64 -> lanes.pushNumber(ValType.I64, part(value, ValType.I64, operands));
          case F32 ->
              lanes.pushNumber(
                  ValType.F32, part(value, ValType.I32, operands).then(OpCode.F32_REINTERPRET_I32));
          case F64 ->
              lanes.pushNumber(
                  ValType.F64, part(value, ValType.I64, operands).then(OpCode.F64_REINTERPRET_I64));
          case VECTOR -> throw new IllegalArgumentException("a vector is no scalar");
        }
      }
    }
  }

  private Code part(Part part, ValType wanted, List<List<Code>> operands) {
    return switch (part) {
      case Part.Half(int operand, boolean high) -> operands.get(operand).get(high ? 1 : 0);
      case Part.Value(int operand) -> operands.get(operand).getFirst();
      case Part.Constant(long bits) -> Code.of(wanted, bits);
      case Part.Call(LaneFunction function, List<Part> arguments) -> {
        Code code = new Code(List.of());
        for (int i = 0; i < arguments.size(); i++) {
          ValType type = StandIn.valueType(function.type().parameterType(i));
          code = code.then(part(arguments.get(i), type, operands));
        }
        OpCode instruction = INSTRUCTIONS.get(function.key());
        yield instruction == null
            ? code.then(Code.of(OpCode.CALL, standIns.applyAsInt(StandIn.of(function))))
            : code.then(instruction);
      }
    };
  }

  // --- memory

  private void load(Instruction instruction, VectorAccess.Load load) {
    VectorOp then = load.then();
    if (then == null) {
      Code address = stack.number(ValType.I32);
      List<Code> halves = new ArrayList<>();
      for (int at = 0; at < 16; at += 8) {
        stack.add(address);
        access(OpCode.I64_LOAD, instruction, at);
        halves.add(stack.keep(ValType.I64));
      }
      stack.push(new Vector(Shape.I64, halves, -1, false));
      return;
    }
    List<List<Code>> operands = taken(then.operands().subList(0, then.operands().size() - 1));
    stack.add(stack.number(ValType.I32));
    access(loading(load.bytes()), instruction, 0);
    Code loaded = stack.keep(load.bytes() < 8 ? ValType.I32 : ValType.I64);
    switch (instruction.opcode()) {
      case V128_LOAD32_SPLAT ->
          stack.push(new Vector(Shape.I32, List.of(loaded, loaded, loaded, loaded), -1, false));
      case V128_LOAD32_ZERO -> {
        Code zero = Code.of(ValType.I32, 0);
        stack.push(new Vector(Shape.I32, List.of(loaded, zero, zero, zero), -1, false));
      }
      default -> {
        operands.add(List.of(loaded));
        compute(then, operands);
      }
    }
  }

  private void store(Instruction instruction, VectorAccess.Store store) {
    VectorOp before = store.before();
    if (before == null) {
      List<Code> halves = lanes.taken(Shape.I64);
      Code address = stack.number(ValType.I32);
      for (int at = 8; at >= 0; at -= 8) { // what does not fit must change nothing
        stack.add(address);
        stack.add(halves.get(at / 8));
        access(OpCode.I64_STORE, instruction, at);
      }
      return;
    }
    if (!(before.result() instanceof Result.Scalar(Operand type, Part value))) {
      throw new IllegalArgumentException("a vector is no scalar");
    }
    List<List<Code>> operands = taken(before.operands());
    stack.add(stack.number(ValType.I32));
    stack.add(part(value, type == Operand.I32 ? ValType.I32 : ValType.I64, operands));
    access(storing(store.bytes()), instruction, 0);
  }

  /** Beyond the largest offset there is no memory either way. */
  private void access(OpCode opcode, Instruction of, int further) {
    long offset = Math.min(of.operand(1) + further, 0xffff_ffffL);
    stack.add(opcode, 0, offset, of.operand(2));
  }

  private static OpCode loading(int bytes) {
    return switch (bytes) {
      case 1 -> OpCode.I32_LOAD8_U;
      case 2 -> OpCode.I32_LOAD16_U;
      case 4 -> OpCode.I32_LOAD;
      case 8 -> OpCode.I64_LOAD;
      default -> throw new IllegalArgumentException("load of " + bytes + " bytes");
    };
  }

  private static OpCode storing(int bytes) {
    return switch (bytes) {
      case 1 -> OpCode.I32_STORE8;
      case 2 -> OpCode.I32_STORE16;
      case 4 -> OpCode.I32_STORE;
      case 8 -> OpCode.I64_STORE;
      default -> throw new IllegalArgumentException("store of " + bytes + " bytes");
    };
  }
}

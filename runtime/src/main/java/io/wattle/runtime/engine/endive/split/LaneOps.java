package io.wattle.runtime.engine.endive.split;

import static run.endive.wasm.types.OpCode.CALL;
import static run.endive.wasm.types.OpCode.F32_CONVERT_I32_S;
import static run.endive.wasm.types.OpCode.F32_CONVERT_I32_U;
import static run.endive.wasm.types.OpCode.F32_NEG;
import static run.endive.wasm.types.OpCode.F64_CONVERT_I32_S;
import static run.endive.wasm.types.OpCode.F64_CONVERT_I32_U;
import static run.endive.wasm.types.OpCode.F64_NEG;
import static run.endive.wasm.types.OpCode.F64_PROMOTE_F32;
import static run.endive.wasm.types.OpCode.I32_AND;
import static run.endive.wasm.types.OpCode.I32_GT_S;
import static run.endive.wasm.types.OpCode.I32_GT_U;
import static run.endive.wasm.types.OpCode.I32_LT_S;
import static run.endive.wasm.types.OpCode.I32_LT_U;
import static run.endive.wasm.types.OpCode.I32_OR;
import static run.endive.wasm.types.OpCode.I32_SUB;
import static run.endive.wasm.types.OpCode.I32_TRUNC_SAT_F32_S;
import static run.endive.wasm.types.OpCode.I32_TRUNC_SAT_F32_U;
import static run.endive.wasm.types.OpCode.I32_XOR;
import static run.endive.wasm.types.OpCode.I64_AND;
import static run.endive.wasm.types.OpCode.I64_EXTEND_I32_S;
import static run.endive.wasm.types.OpCode.I64_EXTEND_I32_U;
import static run.endive.wasm.types.OpCode.I64_OR;
import static run.endive.wasm.types.OpCode.I64_SUB;
import static run.endive.wasm.types.OpCode.I64_XOR;
import static run.endive.wasm.types.OpCode.SELECT;

import io.wattle.runtime.engine.endive.split.Held.Vector;
import io.wattle.runtime.engine.endive.vector.RelaxedOp;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/** Vector instructions that do to each lane what an instruction for numbers does. */
final class LaneOps {
  /** The instructions for numbers, by those for vectors of the same name. */
  private static final Map<OpCode, OpCode> NUMBERS = new EnumMap<>(OpCode.class);

  static {
    for (OpCode opcode : OpCode.values()) {
      String name = opcode.name();
      if (name.matches("(I32x4|I64x2|F32x4|F64x2)_.*")) {
        String number = name.substring(0, 3) + name.substring(5);
        Arrays.stream(OpCode.values())
            .filter(other -> other.name().equals(number))
            .forEach(other -> NUMBERS.put(opcode, other));
      }
    }
  }

  private final HeldStack stack;
  private final Lanes lanes;
  private final HalfwordOps halfwords;
  private final AnyShapeOps any;
  private final ToIntFunction<StandIn> standIns;

  LaneOps(Lanes lanes, ToIntFunction<StandIn> standIns) {
    this.stack = lanes.stack;
    this.lanes = lanes;
    this.halfwords = new HalfwordOps(lanes);
    this.any = new AnyShapeOps(lanes);
    this.standIns = standIns;
  }

  private static OpCode number(OpCode vector) {
    OpCode number = NUMBERS.get(vector);
    if (number == null) {
      throw new IllegalArgumentException(vector.name());
    }
    return number;
  }

  private static Shape shape(OpCode opcode) {
    return Shape.valueOf(opcode.name().substring(0, 3));
  }

  /**
   * Does it, if it is such an instruction.
   *
   * @return whether it is
   */
  boolean apply(Instruction instruction) {
    boolean isDone = applied(instruction);
    if (isDone) {
      stack.done();
    }
    return isDone;
  }

  private boolean applied(Instruction instruction) {
    OpCode opcode = instruction.opcode();
    switch (opcode) {
      case I32x4_ADD, I32x4_SUB, I32x4_MUL, I64x2_ADD, I64x2_SUB, I64x2_MUL -> binary(opcode);
      case F32x4_ADD, F32x4_SUB, F32x4_MUL, F32x4_DIV, F32x4_MIN, F32x4_MAX -> binary(opcode);
      case F64x2_ADD, F64x2_SUB, F64x2_MUL, F64x2_DIV, F64x2_MIN, F64x2_MAX -> binary(opcode);
      case F32x4_ABS, F32x4_NEG, F32x4_SQRT, F32x4_CEIL, F32x4_FLOOR, F32x4_TRUNC, F32x4_NEAREST ->
          unary(shape(opcode), shape(opcode), number(opcode));
      case F64x2_ABS, F64x2_NEG, F64x2_SQRT, F64x2_CEIL, F64x2_FLOOR, F64x2_TRUNC, F64x2_NEAREST ->
          unary(shape(opcode), shape(opcode), number(opcode));
      case F32x4_CONVERT_I32x4_S -> unary(Shape.I32, Shape.F32, F32_CONVERT_I32_S);
      case F32x4_CONVERT_I32x4_U -> unary(Shape.I32, Shape.F32, F32_CONVERT_I32_U);
      case I32x4_TRUNC_SAT_F32X4_S -> unary(Shape.F32, Shape.I32, I32_TRUNC_SAT_F32_S);
      case I32x4_TRUNC_SAT_F32X4_U -> unary(Shape.F32, Shape.I32, I32_TRUNC_SAT_F32_U);
      case F64x2_PROMOTE_LOW_F32x4 -> unary(Shape.F32, Shape.F64, F64_PROMOTE_F32);
      case F64x2_CONVERT_LOW_I32x4_S -> unary(Shape.I32, Shape.F64, F64_CONVERT_I32_S);
      case F64x2_CONVERT_LOW_I32x4_U -> unary(Shape.I32, Shape.F64, F64_CONVERT_I32_U);
      case I32x4_NEG, I64x2_NEG -> negated(shape(opcode));
      case I32x4_EQ, I32x4_NE, I32x4_LT_S, I32x4_LT_U, I32x4_GT_S, I32x4_GT_U -> compare(opcode);
      case I32x4_LE_S, I32x4_LE_U, I32x4_GE_S, I32x4_GE_U -> compare(opcode);
      case I64x2_EQ, I64x2_NE, I64x2_LT_S, I64x2_GT_S, I64x2_LE_S, I64x2_GE_S -> compare(opcode);
      case F32x4_EQ, F32x4_NE, F32x4_LT, F32x4_GT, F32x4_LE, F32x4_GE -> compare(opcode);
      case F64x2_EQ, F64x2_NE, F64x2_LT, F64x2_GT, F64x2_LE, F64x2_GE -> compare(opcode);
      case I32x4_MIN_S -> least(I32_LT_S);
      case I32x4_MIN_U -> least(I32_LT_U);
      case I32x4_MAX_S -> least(I32_GT_S);
      case I32x4_MAX_U -> least(I32_GT_U);
      case I32x4_SHL, I32x4_SHR_S, I32x4_SHR_U, I64x2_SHL, I64x2_SHR_S, I64x2_SHR_U ->
          shift(opcode);
      case I32x4_SPLAT, I64x2_SPLAT, F32x4_SPLAT, F64x2_SPLAT -> splat(shape(opcode));
      case I32x4_EXTRACT_LANE, I64x2_EXTRACT_LANE, F32x4_EXTRACT_LANE, F64x2_EXTRACT_LANE ->
          extract(shape(opcode), (int) instruction.operand(0));
      case I32x4_REPLACE_LANE, I64x2_REPLACE_LANE, F32x4_REPLACE_LANE, F64x2_REPLACE_LANE ->
          replace(shape(opcode), (int) instruction.operand(0));
      case I32x4_DOT_I16x8_S -> halfwords.dot();
      case I32x4_EXTADD_PAIRWISE_I16x8_S -> halfwords.sums(true);
      case I32x4_EXTADD_PAIRWISE_I16x8_U -> halfwords.sums(false);
      case I32x4_EXTEND_LOW_I16x8_S -> halfwords.extend(0, true);
      case I32x4_EXTEND_LOW_I16x8_U -> halfwords.extend(0, false);
      case I32x4_EXTEND_HIGH_I16x8_S -> halfwords.extend(2, true);
      case I32x4_EXTEND_HIGH_I16x8_U -> halfwords.extend(2, false);
      case I32x4_EXTMUL_LOW_I16x8_S -> halfwords.products(0, true);
      case I32x4_EXTMUL_LOW_I16x8_U -> halfwords.products(0, false);
      case I32x4_EXTMUL_HIGH_I16x8_S -> halfwords.products(2, true);
      case I32x4_EXTMUL_HIGH_I16x8_U -> halfwords.products(2, false);
      case V128_AND -> any.bits(I32_AND, I64_AND, false);
      case V128_OR -> any.bits(I32_OR, I64_OR, false);
      case V128_XOR -> any.bits(I32_XOR, I64_XOR, false);
      case V128_ANDNOT -> any.bits(I32_AND, I64_AND, true);
      case V128_NOT -> any.not();
      case V128_BITSELECT -> {
        RelaxedOp relaxed = RelaxedOp.of(instruction);
        if (relaxed != null) {
          return relaxed(relaxed);
        }
        any.bitselect();
      }
      case I8x16_SHUFFLE -> {
        return any.shuffle(instruction.operand(0), instruction.operand(1));
      }
      case V128_CONST ->
          stack.push(
              new Vector(
                  Shape.I64,
                  List.of(
                      Code.of(ValType.I64, instruction.operand(0)),
                      Code.of(ValType.I64, instruction.operand(1))),
                  -1,
                  false));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void binary(OpCode opcode) {
    Shape shape = shape(opcode);
    List<Code> b = lanes.taken(shape);
    List<Code> a = lanes.taken(shape);
    lanes.push(shape, i -> a.get(i).then(b.get(i)).then(number(opcode)));
  }

  private void unary(Shape from, Shape to, OpCode opcode) {
    List<Code> x = lanes.taken(from);
    lanes.push(to, i -> x.get(i).then(opcode));
  }

  private void negated(Shape shape) {
    List<Code> x = lanes.taken(shape);
    OpCode minus = shape == Shape.I32 ? I32_SUB : I64_SUB;
    lanes.push(shape, i -> Code.of(shape.lane(), 0).then(x.get(i)).then(minus));
  }

  private void compare(OpCode opcode) {
    Shape shape = shape(opcode);
    List<Code> b = lanes.taken(shape);
    List<Code> a = lanes.taken(shape);
    IntFunction<Code> holds =
        i ->
            Code.of(ValType.I32, 0)
                .then(a.get(i))
                .then(b.get(i))
                .then(number(opcode))
                .then(I32_SUB);
    if (shape.count == 4) {
      lanes.push(Shape.I32, holds);
    } else {
      lanes.push(Shape.I64, i -> holds.apply(i).then(I64_EXTEND_I32_S));
    }
  }

  private void least(OpCode isLess) {
    List<Code> b = lanes.settled(Shape.I32);
    List<Code> a = lanes.settled(Shape.I32);
    lanes.push(
        Shape.I32,
        i ->
            a.get(i)
                .then(b.get(i))
                .then(a.get(i))
                .then(b.get(i))
                .then(isLess)
                .then(Code.of(SELECT, 0)));
  }

  private void shift(OpCode opcode) {
    Shape shape = shape(opcode);
    Code count = stack.number(ValType.I32);
    Code by = shape == Shape.I32 ? count : count.then(I64_EXTEND_I32_U);
    List<Code> x = lanes.taken(shape);
    lanes.push(shape, i -> x.get(i).then(by).then(number(opcode)));
  }

  private void splat(Shape shape) {
    Code number = stack.number(shape.lane());
    lanes.push(shape, _ -> number);
  }

  private void extract(Shape shape, int lane) {
    lanes.pushNumber(shape.lane(), lanes.taken(shape).get(lane));
  }

  private void replace(Shape shape, int lane) {
    Code number = stack.number(shape.lane());
    List<Code> old = lanes.taken(shape);
    lanes.push(shape, i -> i == lane ? number : old.get(i));
  }

  // --- relaxed ones

  private boolean relaxed(RelaxedOp op) {
    switch (op) {
      case F32X4_MADD -> multiplied(Shape.F32, StandIn.FMA_F32, null);
      case F32X4_NMADD -> multiplied(Shape.F32, StandIn.FMA_F32, F32_NEG);
      case F64X2_MADD -> multiplied(Shape.F64, StandIn.FMA_F64, null);
      case F64X2_NMADD -> multiplied(Shape.F64, StandIn.FMA_F64, F64_NEG);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void multiplied(Shape shape, StandIn fma, @Nullable OpCode sign) {
    List<Code> c = lanes.taken(shape);
    List<Code> b = lanes.taken(shape);
    List<Code> a = lanes.taken(shape);
    lanes.push(
        shape,
        i ->
            (sign == null ? a.get(i) : a.get(i).then(sign))
                .then(b.get(i))
                .then(c.get(i))
                .then(Code.of(CALL, standIns.applyAsInt(fma))));
  }
}

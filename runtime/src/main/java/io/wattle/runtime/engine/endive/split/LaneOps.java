package io.wattle.runtime.engine.endive.split;

import static run.endive.wasm.types.OpCode.*;

import io.wattle.runtime.engine.endive.split.Held.Scalar;
import io.wattle.runtime.engine.endive.split.Held.Vector;
import io.wattle.runtime.engine.endive.vector.RelaxedOp;
import java.util.ArrayList;
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
  private final LocalShapes locals;
  private final ToIntFunction<StandIn> standIns;

  LaneOps(HeldStack stack, LocalShapes locals, ToIntFunction<StandIn> standIns) {
    this.stack = stack;
    this.locals = locals;
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

  /** The lanes of a vector for an operation that asks for that shape. */
  List<Code> lanes(Vector vector, Shape shape) {
    locals.asked(vector.local(), shape);
    return shape.of(vector.shape(), vector.lanes());
  }

  /** Pushes what code gives for each lane. */
  private void push(Shape shape, boolean isSure, IntFunction<Code> lane) {
    List<Code> kept = new ArrayList<>();
    for (int i = 0; i < shape.count; i++) {
      kept.add(stack.settled(shape.lane(), lane.apply(i)));
    }
    stack.push(new Vector(shape, kept, -1, isSure));
  }

  private void push(Shape shape, IntFunction<Code> lane) {
    push(shape, true, lane);
  }

  /** A number as the outcome. */
  void pushNumber(ValType type, Code code) {
    if (stack.isEmpty()) {
      stack.add(code);
    } else {
      stack.push(new Scalar(type, stack.settled(type, code)));
    }
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
      case I32x4_DOT_I16x8_S -> dot();
      case I32x4_EXTADD_PAIRWISE_I16x8_S -> sums(true);
      case I32x4_EXTADD_PAIRWISE_I16x8_U -> sums(false);
      case I32x4_EXTEND_LOW_I16x8_S -> extend(0, true);
      case I32x4_EXTEND_LOW_I16x8_U -> extend(0, false);
      case I32x4_EXTEND_HIGH_I16x8_S -> extend(2, true);
      case I32x4_EXTEND_HIGH_I16x8_U -> extend(2, false);
      case I32x4_EXTMUL_LOW_I16x8_S -> products(0, true);
      case I32x4_EXTMUL_LOW_I16x8_U -> products(0, false);
      case I32x4_EXTMUL_HIGH_I16x8_S -> products(2, true);
      case I32x4_EXTMUL_HIGH_I16x8_U -> products(2, false);
      case V128_AND -> bits(I32_AND, I64_AND, false);
      case V128_OR -> bits(I32_OR, I64_OR, false);
      case V128_XOR -> bits(I32_XOR, I64_XOR, false);
      case V128_ANDNOT -> bits(I32_AND, I64_AND, true);
      case V128_NOT -> not();
      case V128_BITSELECT -> {
        RelaxedOp relaxed = RelaxedOp.of(instruction);
        if (relaxed != null) {
          return relaxed(relaxed);
        }
        bitselect();
      }
      case I8x16_SHUFFLE -> {
        return shuffle(instruction.operand(0), instruction.operand(1));
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
    List<Code> b = lanes(stack.vector(), shape);
    List<Code> a = lanes(stack.vector(), shape);
    push(shape, i -> a.get(i).then(b.get(i)).then(number(opcode)));
  }

  private void unary(Shape from, Shape to, OpCode opcode) {
    List<Code> x = lanes(stack.vector(), from);
    push(to, i -> x.get(i).then(opcode));
  }

  private void negated(Shape shape) {
    List<Code> x = lanes(stack.vector(), shape);
    OpCode minus = shape == Shape.I32 ? I32_SUB : I64_SUB;
    push(shape, i -> Code.of(shape.lane(), 0).then(x.get(i)).then(minus));
  }

  private void compare(OpCode opcode) {
    Shape shape = shape(opcode);
    List<Code> b = lanes(stack.vector(), shape);
    List<Code> a = lanes(stack.vector(), shape);
    IntFunction<Code> holds =
        i ->
            Code.of(ValType.I32, 0)
                .then(a.get(i))
                .then(b.get(i))
                .then(number(opcode))
                .then(I32_SUB);
    if (shape.count == 4) {
      push(Shape.I32, holds);
    } else {
      push(Shape.I64, i -> holds.apply(i).then(I64_EXTEND_I32_S));
    }
  }

  private void least(OpCode isLess) {
    List<Code> b = settled(lanes(stack.vector(), Shape.I32));
    List<Code> a = settled(lanes(stack.vector(), Shape.I32));
    push(
        Shape.I32,
        i ->
            a.get(i)
                .then(b.get(i))
                .then(a.get(i))
                .then(b.get(i))
                .then(isLess)
                .then(Code.of(SELECT, 0)));
  }

  private List<Code> settled(List<Code> lanes) {
    return lanes.stream().map(lane -> stack.settled(Shape.I32.lane(), lane)).toList();
  }

  private void shift(OpCode opcode) {
    Shape shape = shape(opcode);
    Code count = stack.number(ValType.I32);
    Code by = shape == Shape.I32 ? count : count.then(I64_EXTEND_I32_U);
    List<Code> x = lanes(stack.vector(), shape);
    push(shape, i -> x.get(i).then(by).then(number(opcode)));
  }

  private void splat(Shape shape) {
    Code number = stack.number(shape.lane());
    push(shape, _ -> number);
  }

  private void extract(Shape shape, int lane) {
    pushNumber(shape.lane(), lanes(stack.vector(), shape).get(lane));
  }

  private void replace(Shape shape, int lane) {
    Code number = stack.number(shape.lane());
    List<Code> lanes = lanes(stack.vector(), shape);
    push(shape, i -> i == lane ? number : lanes.get(i));
  }

  // --- from lanes of 16 bits, seen as two in one of 32

  /** One of the two, the lower one or not. */
  private static Code part(Code lane, boolean isLow, boolean isSigned) {
    if (!isLow) {
      return lane.then(Code.of(ValType.I32, 16)).then(isSigned ? I32_SHR_S : I32_SHR_U);
    }
    return isSigned
        ? lane.then(I32_EXTEND_16_S)
        : lane.then(Code.of(ValType.I32, 0xffff)).then(I32_AND);
  }

  /** Lane i of those that begin in a lane of 32 bits. */
  private static Code part(List<Code> lanes, int from, int i, boolean isSigned) {
    return part(lanes.get(from + i / 2), i % 2 == 0, isSigned);
  }

  private void dot() {
    List<Code> b = settled(lanes(stack.vector(), Shape.I32));
    List<Code> a = settled(lanes(stack.vector(), Shape.I32));
    push(
        Shape.I32,
        i ->
            product(part(a.get(i), true, true), part(b.get(i), true, true))
                .then(product(part(a.get(i), false, true), part(b.get(i), false, true)))
                .then(I32_ADD));
  }

  private static Code product(Code a, Code b) {
    return a.then(b).then(I32_MUL);
  }

  private void sums(boolean isSigned) {
    List<Code> x = settled(lanes(stack.vector(), Shape.I32));
    push(
        Shape.I32,
        i -> part(x.get(i), true, isSigned).then(part(x.get(i), false, isSigned)).then(I32_ADD));
  }

  private void extend(int from, boolean isSigned) {
    List<Code> x = lanes(stack.vector(), Shape.I32);
    push(Shape.I32, i -> part(x, from, i, isSigned));
  }

  private void products(int from, boolean isSigned) {
    List<Code> b = lanes(stack.vector(), Shape.I32);
    List<Code> a = lanes(stack.vector(), Shape.I32);
    push(Shape.I32, i -> product(part(a, from, i, isSigned), part(b, from, i, isSigned)));
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
    List<Code> c = lanes(stack.vector(), shape);
    List<Code> b = lanes(stack.vector(), shape);
    List<Code> a = lanes(stack.vector(), shape);
    push(
        shape,
        i ->
            (sign == null ? a.get(i) : a.get(i).then(sign))
                .then(b.get(i))
                .then(c.get(i))
                .then(Code.of(CALL, standIns.applyAsInt(fma))));
  }

  // --- for any shape

  /**
   * In which shape to do something that can be done in any; null when none of them asks for one.
   */
  @Nullable Shape common(Vector... vectors) {
    Shape common = null;
    for (Vector vector : vectors) {
      if (vector.isSure()) {
        boolean isNarrow = vector.shape() == Shape.I32 || vector.shape() == Shape.F32;
        if (!isNarrow) {
          return Shape.I64;
        }
        common = Shape.I32;
      }
    }
    return common;
  }

  /** Lanes in a common shape, for which nobody is asked when there is none. */
  List<Code> lanes(Vector vector, @Nullable Shape common, Shape shape) {
    return common == null ? shape.of(vector.shape(), vector.lanes()) : lanes(vector, shape);
  }

  private void bits(OpCode narrow, OpCode wide, boolean isNot) {
    Vector second = stack.vector();
    Vector first = stack.vector();
    Shape common = common(first, second);
    Shape shape = common == null ? Shape.I64 : common;
    List<Code> a = lanes(first, common, shape);
    List<Code> b = lanes(second, common, shape);
    OpCode opcode = shape == Shape.I32 ? narrow : wide;
    push(
        shape,
        common != null,
        i -> a.get(i).then(isNot ? inverted(shape, b.get(i)) : b.get(i)).then(opcode));
  }

  private static Code inverted(Shape shape, Code code) {
    return code.then(Code.of(shape.lane(), -1)).then(shape == Shape.I32 ? I32_XOR : I64_XOR);
  }

  private void not() {
    Vector vector = stack.vector();
    Shape common = common(vector);
    Shape shape = common == null ? Shape.I64 : common;
    List<Code> x = lanes(vector, common, shape);
    push(shape, common != null, i -> inverted(shape, x.get(i)));
  }

  /** Bits of the first where the mask has ones. */
  private void bitselect() {
    Vector third = stack.vector();
    Vector second = stack.vector();
    Vector first = stack.vector();
    Shape common = common(first, second, third);
    Shape shape = common == null ? Shape.I64 : common;
    List<Code> a = lanes(first, common, shape);
    List<Code> b = lanes(second, common, shape);
    List<Code> mask = lanes(third, common, shape);
    OpCode xor = shape == Shape.I32 ? I32_XOR : I64_XOR;
    OpCode and = shape == Shape.I32 ? I32_AND : I64_AND;
    push(
        shape,
        common != null,
        i ->
            a.get(i).then(b.get(i)).then(xor).then(mask.get(i)).then(and).then(b.get(i)).then(xor));
  }

  /** Whole lanes of 32 bits at other places, their bytes rotated at most. */
  private boolean shuffle(long low, long high) {
    int[] sources = new int[Shape.I32.count];
    int[] rotations = new int[sources.length];
    boolean[] isUsed = new boolean[2];
    for (int i = 0; i < sources.length; i++) {
      int selectors = (int) ((i < 2 ? low : high) >>> (32 * (i % 2)));
      sources[i] = (selectors & 31) / 4;
      rotations[i] = selectors & 3;
      isUsed[sources[i] / 4] = true;
      for (int k = 0; k < 4; k++) {
        if ((selectors >>> (8 * k) & 31) != 4 * sources[i] + (rotations[i] + k) % 4) {
          return false;
        }
      }
    }
    Vector second = stack.vector();
    Vector first = stack.vector();
    Shape common = common(isUsed[0] ? first : second, isUsed[1] ? second : first);
    if (common != Shape.I32) {
      stack.push(first);
      stack.push(second);
      return false;
    }
    List<Code> lanes = new ArrayList<>();
    lanes.addAll(isUsed[0] ? lanes(first, Shape.I32) : List.of());
    int from = isUsed[0] ? 0 : 4;
    lanes.addAll(isUsed[1] ? lanes(second, Shape.I32) : List.of());
    push(
        Shape.I32,
        i -> {
          Code lane = lanes.get(sources[i] - from);
          return rotations[i] == 0
              ? lane
              : lane.then(Code.of(ValType.I32, 8L * rotations[i])).then(I32_ROTR);
        });
    return true;
  }

  /** One of two, lane by lane. */
  void select() {
    Code condition = stack.number(ValType.I32);
    Vector second = stack.vector();
    Vector first = stack.vector();
    boolean isSame = first.shape() == second.shape();
    Shape common = isSame ? first.shape() : common(first, second);
    Shape shape = common == null ? Shape.I64 : common;
    List<Code> a = shape.of(first.shape(), first.lanes());
    List<Code> b = shape.of(second.shape(), second.lanes());
    push(
        shape,
        first.isSure() || second.isSure(),
        i -> a.get(i).then(b.get(i)).then(condition).then(Code.of(SELECT, 0)));
    stack.done();
  }
}

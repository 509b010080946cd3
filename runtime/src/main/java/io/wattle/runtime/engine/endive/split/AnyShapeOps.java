package io.wattle.runtime.engine.endive.split;

import static run.endive.wasm.types.OpCode.I32_AND;
import static run.endive.wasm.types.OpCode.I32_ROTR;
import static run.endive.wasm.types.OpCode.I32_XOR;
import static run.endive.wasm.types.OpCode.I64_AND;
import static run.endive.wasm.types.OpCode.I64_XOR;
import static run.endive.wasm.types.OpCode.SELECT;

import io.wattle.runtime.engine.endive.split.Held.Vector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/** What can be done in any shape is done in the one that its operands have. */
final class AnyShapeOps {
  private final HeldStack stack;
  private final Lanes lanes;

  AnyShapeOps(Lanes lanes) {
    this.stack = lanes.stack;
    this.lanes = lanes;
  }

  /**
   * In which shape to do something that can be done in any; null when none of them asks for one.
   */
  private static @Nullable Shape common(Vector... vectors) {
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
  private List<Code> lanes(Vector vector, @Nullable Shape common, Shape shape) {
    return common == null ? shape.of(vector.shape(), vector.lanes()) : lanes.of(vector, shape);
  }

  void bits(OpCode narrow, OpCode wide, boolean isNot) {
    Vector second = stack.vector();
    Vector first = stack.vector();
    Shape common = common(first, second);
    Shape shape = common == null ? Shape.I64 : common;
    List<Code> a = lanes(first, common, shape);
    List<Code> b = lanes(second, common, shape);
    OpCode opcode = shape == Shape.I32 ? narrow : wide;
    lanes.push(
        shape,
        common != null,
        i -> a.get(i).then(isNot ? inverted(shape, b.get(i)) : b.get(i)).then(opcode));
  }

  private static Code inverted(Shape shape, Code code) {
    return code.then(Code.of(shape.lane(), -1)).then(shape == Shape.I32 ? I32_XOR : I64_XOR);
  }

  void not() {
    Vector vector = stack.vector();
    Shape common = common(vector);
    Shape shape = common == null ? Shape.I64 : common;
    List<Code> x = lanes(vector, common, shape);
    lanes.push(shape, common != null, i -> inverted(shape, x.get(i)));
  }

  /** Bits of the first where the mask has ones. */
  void bitselect() {
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
    lanes.push(
        shape,
        common != null,
        i ->
            a.get(i).then(b.get(i)).then(xor).then(mask.get(i)).then(and).then(b.get(i)).then(xor));
  }

  /** Whole lanes of 32 bits at other places, their bytes rotated at most. */
  boolean shuffle(long low, long high) {
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
    List<Code> all = new ArrayList<>();
    all.addAll(isUsed[0] ? lanes.of(first, Shape.I32) : List.of());
    int from = isUsed[0] ? 0 : 4;
    all.addAll(isUsed[1] ? lanes.of(second, Shape.I32) : List.of());
    lanes.push(
        Shape.I32,
        i -> {
          Code lane = all.get(sources[i] - from);
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
    lanes.push(
        shape,
        first.isSure() || second.isSure(),
        i -> a.get(i).then(b.get(i)).then(condition).then(Code.of(SELECT, 0)));
    stack.done();
  }
}

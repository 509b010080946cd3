package io.wattle.runtime.engine.endive.split;

import static run.endive.wasm.types.OpCode.I32_ADD;
import static run.endive.wasm.types.OpCode.I32_AND;
import static run.endive.wasm.types.OpCode.I32_EXTEND_16_S;
import static run.endive.wasm.types.OpCode.I32_MUL;
import static run.endive.wasm.types.OpCode.I32_SHR_S;
import static run.endive.wasm.types.OpCode.I32_SHR_U;

import java.util.List;
import run.endive.wasm.types.ValType;

/** From lanes of 16 bits to lanes of 32: the former are seen as two in one of the latter. */
final class HalfwordOps {
  private final Lanes lanes;

  HalfwordOps(Lanes lanes) {
    this.lanes = lanes;
  }

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
  private static Code part(List<Code> all, int from, int i, boolean isSigned) {
    return part(all.get(from + i / 2), i % 2 == 0, isSigned);
  }

  void dot() {
    List<Code> b = lanes.settled(Shape.I32);
    List<Code> a = lanes.settled(Shape.I32);
    lanes.push(
        Shape.I32,
        i ->
            product(part(a.get(i), true, true), part(b.get(i), true, true))
                .then(product(part(a.get(i), false, true), part(b.get(i), false, true)))
                .then(I32_ADD));
  }

  private static Code product(Code a, Code b) {
    return a.then(b).then(I32_MUL);
  }

  void sums(boolean isSigned) {
    List<Code> x = lanes.settled(Shape.I32);
    lanes.push(
        Shape.I32,
        i -> part(x.get(i), true, isSigned).then(part(x.get(i), false, isSigned)).then(I32_ADD));
  }

  void extend(int from, boolean isSigned) {
    List<Code> x = lanes.taken(Shape.I32);
    lanes.push(Shape.I32, i -> part(x, from, i, isSigned));
  }

  void products(int from, boolean isSigned) {
    List<Code> b = lanes.taken(Shape.I32);
    List<Code> a = lanes.taken(Shape.I32);
    lanes.push(Shape.I32, i -> product(part(a, from, i, isSigned), part(b, from, i, isSigned)));
  }
}

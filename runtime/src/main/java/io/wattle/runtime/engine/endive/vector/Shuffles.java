package io.wattle.runtime.engine.endive.vector;

import io.wattle.runtime.engine.endive.vector.VectorOp.Part;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part.Constant;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part.Half;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Halves of shuffles, whose selectors are known beforehand. Bytes that come from the same half and
 * go equally far are moved together: those of wider lanes, and those of two vectors seen as one
 * long row. Where that is no less than byte by byte, it is done so.
 */
final class Shuffles {
  private static final LaneFunction MOVED = LaneFunction.of("V128.moved");
  private static final LaneFunction REVERSE = LaneFunction.of("V128.reversed");
  private static final LaneFunction OR = LaneFunction.of("V128.or");
  private static final LaneFunction SHUFFLE = LaneFunction.of("V128.shuffle");
  private static final List<Part> HALVES =
      List.of(new Half(0, false), new Half(0, true), new Half(1, false), new Half(1, true));

  private static final long ONES = 0x0101010101010101L;

  /** Selectors of the first half's bytes, the last one first. */
  private static final long REVERSED = 0x0001020304050607L;

  /** Moves beyond which they are no less. */
  private static final int FEW = 4;

  /** Bytes from one half that go equally far up (in bytes; down when negative). */
  private record Move(int half, int by) {}

  private Shuffles() {}

  /**
   * A half of a shuffle of two vectors.
   *
   * @param selectors bytes from 0 to 31, the first one least
   */
  static Part half(long selectors) {
    Map<Move, Long> masks = new LinkedHashMap<>();
    for (int to = 0; to < 8; to++) {
      int from = (int) (selectors >>> (8 * to)) & 31;
      masks.merge(new Move(from / 8, to - from % 8), 0xffL << (8 * to), (a, b) -> a | b);
    }
    long first = (selectors & 0x18) * ONES;
    if (selectors == (first | REVERSED)) {
      return VectorTable.call(REVERSE, HALVES.get(((int) selectors >> 3) & 3));
    }
    if (masks.size() > FEW) {
      return VectorTable.call(
          SHUFFLE,
          HALVES.get(0),
          HALVES.get(1),
          HALVES.get(2),
          HALVES.get(3),
          new Constant(selectors));
    }
    return masks.entrySet().stream()
        .map(move -> moved(move.getKey(), move.getValue()))
        .reduce((a, b) -> VectorTable.call(OR, a, b))
        .orElseThrow();
  }

  private static Part moved(Move move, long mask) {
    Part half = HALVES.get(move.half);
    return mask == -1
        ? half // all eight bytes, which then stay where they are
        : VectorTable.call(MOVED, half, new Constant(8L * move.by), new Constant(mask));
  }
}

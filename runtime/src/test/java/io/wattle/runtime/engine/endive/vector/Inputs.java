package io.wattle.runtime.engine.endive.vector;

import static io.wattle.runtime.engine.endive.vector.NaiveLanes.lane;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.vector;
import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.engine.endive.vector.VectorOp.Operand;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import run.endive.runtime.MStack;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/** What instructions are given, and what they make of it on the interpreter's stack. */
final class Inputs {
  /** Of every width: what borders on overflow, and numbers that are none. */
  private static final long[] EDGES = {
    0,
    -1,
    1,
    0x80,
    0x7f,
    0x8000,
    0x7fff,
    0x80000000L,
    0x7fffffffL,
    Long.MIN_VALUE,
    Long.MAX_VALUE,
    0x8080808080808080L,
    0x7f7f7f7f7f7f7f7fL,
    0x8000800080008000L,
    0x7fff7fff7fff7fffL,
    0x8000000080000000L,
    0x7f8000007f800000L, // infinities
    0xff800000ff800000L,
    0x7fc000007fa00000L, // NaNs, quiet and signalling
    0xffc12345ffa54321L,
    0x7ff0000000000000L,
    0xfff0000000000000L,
    0x7ff8000000000000L,
    0x7ff4000000000001L,
    0x3f0000003fc00000L, // 0.5, 1.5
    0xbf000000c0200000L, // -0.5, -2.5
    0x3fe0000000000000L,
    0xc004000000000000L,
    0x4f0000004f800000L, // 2^31, 2^32
    0x41e0000000000000L,
    0x41f0000000000000L,
    0xc1e0000000200000L,
  };

  private Inputs() {}

  static long half(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> EDGES[random.nextInt(EDGES.length)];
      case 1 -> random.nextLong() & 0x0707070707070707L;
      case 2 ->
          I32x4.of(
              (int) EDGES[random.nextInt(EDGES.length)], (int) EDGES[random.nextInt(EDGES.length)]);
      default -> random.nextLong();
    };
  }

  static byte[] random(Random random) {
    return vector(half(random), half(random));
  }

  /** Pushes operands, evaluates, and gives back what lies on the stack. */
  static long[] evaluate(VectorOp op, List<byte[]> vectors, long scalar) {
    MStack stack = new MStack();
    stack.push(42); // what lies below stays
    int next = 0;
    for (Operand operand : op.operands()) {
      if (operand == Operand.VECTOR) {
        byte[] vector = vectors.get(next++);
        stack.push(lane(vector, 64, 0));
        stack.push(lane(vector, 64, 1));
      } else {
        stack.push(scalar);
      }
    }
    Evaluation.of(op).apply(stack);
    long[] results = new long[stack.size() - 1];
    for (int i = results.length - 1; i >= 0; i--) {
      results[i] = stack.pop();
    }
    assertThat(stack.pop()).isEqualTo(42);
    return results;
  }

  static byte[] vectorOf(long[] results) {
    assertThat(results).hasSize(2);
    return vector(results[0], results[1]);
  }

  static VectorOp described(OpCode opcode, long... immediates) {
    return Objects.requireNonNull(
        VectorOp.of(new Instruction(0, opcode, immediates)), opcode.name());
  }
}

package io.wattle.runtime.engine.endive.vector;

import static io.wattle.runtime.engine.endive.vector.Inputs.described;
import static io.wattle.runtime.engine.endive.vector.Inputs.evaluate;
import static io.wattle.runtime.engine.endive.vector.Inputs.random;
import static io.wattle.runtime.engine.endive.vector.Inputs.vectorOf;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.bits;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.lane;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.map;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.number;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/** Instructions of relaxed SIMD that mean something else than those that stand for them. */
class RelaxedOpTest {
  private static final int TIMES = 150;

  @Test
  void relaxedOnesAreFusedAndHaveSigns() {
    Random random = new Random(3);
    for (int i = 0; i < TIMES; i++) {
      List<byte[]> in = List.of(random(random), random(random), random(random));
      assertThat(relaxed(RelaxedOp.F32X4_MADD, in)).isEqualTo(fused(in, 32, 1));
      assertThat(relaxed(RelaxedOp.F32X4_NMADD, in)).isEqualTo(fused(in, 32, -1));
      assertThat(relaxed(RelaxedOp.F64X2_MADD, in)).isEqualTo(fused(in, 64, 1));
      assertThat(relaxed(RelaxedOp.F64X2_NMADD, in)).isEqualTo(fused(in, 64, -1));
      byte[] dot = new byte[16];
      byte[] sums = new byte[16];
      for (int to = 0; to < 8; to++) {
        put(dot, 16, to, product(in, 2 * to) + product(in, 2 * to + 1));
      }
      for (int to = 0; to < 4; to++) {
        put(
            sums,
            32,
            to,
            lane(dot, 16, 2 * to) + lane(dot, 16, 2 * to + 1) + lane(in.get(2), 32, to));
      }
      assertThat(relaxed(RelaxedOp.I16X8_DOT_I8X16_I7X16_S, in)).isEqualTo(dot);
      assertThat(relaxed(RelaxedOp.I32X4_DOT_I8X16_I7X16_ADD_S, in)).isEqualTo(sums);
    }
    assertThat(VectorOp.of(new Instruction(0, OpCode.V128_BITSELECT, new long[0])))
        .isEqualTo(VectorTable.plain(OpCode.V128_BITSELECT));
  }

  private static long product(List<byte[]> in, int lane) {
    return lane(in.get(0), 8, lane) * lane(in.get(1), 8, lane);
  }

  /** With one NaN for all. */
  private static byte[] relaxed(RelaxedOp op, List<byte[]> in) {
    byte[] result = vectorOf(evaluate(described(op.standIn(), op.mark()), in, 0));
    return switch (op) {
      case F32X4_MADD, F32X4_NMADD -> map(result, 32, true, x -> sameNan(x, 32));
      case F64X2_MADD, F64X2_NMADD -> map(result, 64, true, x -> sameNan(x, 64));
      default -> result;
    };
  }

  private static long sameNan(long bits, int width) {
    return Double.isNaN(number(bits, width)) ? bits(Double.NaN, width) : bits;
  }

  private static byte[] fused(List<byte[]> in, int width, int sign) {
    byte[] result = new byte[16];
    for (int i = 0; i < 128 / width; i++) {
      double a = sign * number(lane(in.get(0), width, i), width);
      double b = number(lane(in.get(1), width, i), width);
      double c = number(lane(in.get(2), width, i), width);
      double sum = width == 32 ? Math.fma((float) a, (float) b, (float) c) : exact(a, b, c);
      put(result, width, i, sameNan(bits(sum, width), width));
    }
    return result;
  }

  private static double exact(double a, double b, double c) {
    double inexact = a * b + c;
    boolean plain = !Double.isFinite(a) || !Double.isFinite(b) || !Double.isFinite(c);
    if (plain || a == 0 || b == 0) {
      return inexact;
    }
    BigDecimal sum = new BigDecimal(a).multiply(new BigDecimal(b)).add(new BigDecimal(c));
    return sum.signum() == 0 ? inexact : sum.doubleValue();
  }
}

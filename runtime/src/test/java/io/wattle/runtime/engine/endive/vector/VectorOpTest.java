package io.wattle.runtime.engine.endive.vector;

import static io.wattle.runtime.engine.endive.vector.Inputs.described;
import static io.wattle.runtime.engine.endive.vector.Inputs.evaluate;
import static io.wattle.runtime.engine.endive.vector.Inputs.half;
import static io.wattle.runtime.engine.endive.vector.Inputs.random;
import static io.wattle.runtime.engine.endive.vector.Inputs.vectorOf;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.count;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.lane;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.number;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.put;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.vector;
import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.engine.endive.vector.VectorOp.Operand;
import io.wattle.runtime.engine.endive.vector.VectorOp.Result.Scalar;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/** Every vector instruction, against loops over lanes. */
class VectorOpTest {
  private static final int TIMES = 150;

  private static Set<OpCode> plain() {
    Set<OpCode> all = EnumSet.range(OpCode.I8x16_SWIZZLE, OpCode.F64x2_CONVERT_LOW_I32x4_U);
    all.removeIf(opcode -> opcode.name().startsWith("V128_LOAD"));
    all.removeIf(opcode -> opcode.name().startsWith("V128_STORE"));
    all.removeIf(opcode -> opcode.name().contains("_LANE"));
    return all;
  }

  @ParameterizedTest
  @MethodSource("plain")
  void computesWhatALoopOverLanesDoes(OpCode opcode) {
    VectorOp op = described(opcode);
    Random random = new Random(opcode.opcode());
    for (int i = 0; i < TIMES; i++) {
      List<byte[]> in = List.of(random(random), random(random), random(random));
      long scalar = half(random);
      long[] results = evaluate(op, in, scalar);
      Object expected = NaiveOps.expected(opcode.name(), in, scalar);
      Supplier<String> what =
          () ->
              opcode
                  + " of "
                  + in.stream().map(Arrays::toString).toList()
                  + ", "
                  + scalar
                  + ": "
                  + Arrays.toString(results);
      if (expected instanceof byte[] bytes) {
        String shape = opcode.name().substring(0, opcode.name().indexOf('_'));
        assertThat(same(bytes, vectorOf(results), opcode.name(), shape)).as(what).isNull();
      } else {
        assertThat(results).as(what).containsExactly((Long) expected);
      }
    }
  }

  /** What differs, null when nothing does: where numbers are computed any quiet NaN is as good. */
  private static @Nullable String same(byte[] expected, byte[] actual, String name, String shape) {
    int width = shape.equals("F32x4") ? 32 : shape.equals("F64x2") ? 64 : 0;
    boolean exact = width == 0 || name.matches(".*_(ABS|NEG|PMIN|PMAX|EQ|NE|LT|GT|LE|GE|SPLAT)");
    for (int i = 0; !exact && i < count(expected, width); i++) {
      if (Double.isNaN(number(lane(expected, width, i), width))) {
        long quiet = width == 32 ? 0x7fc00000L : 0x7ff8000000000000L;
        if ((lane(actual, width, i) & quiet) != quiet) {
          return "lane " + i + " is no quiet NaN";
        }
        put(actual, width, i, lane(expected, width, i));
      }
    }
    return Arrays.equals(expected, actual) ? null : "expected " + Arrays.toString(expected);
  }

  @Test
  void lanesAreTakenOutAndPutIn() {
    Random random = new Random(1);
    for (String shape : List.of("I8x16", "I16x8", "I32x4", "I64x2", "F32x4", "F64x2")) {
      int bits = Integer.parseInt(shape.substring(1, shape.indexOf('x')));
      boolean both = shape.startsWith("I") && bits < 32;
      for (int lane = 0; lane < 128 / bits; lane++) {
        byte[] vector = random(random);
        long scalar = half(random);
        for (String sign : both ? List.of("_S", "_U") : List.of("")) {
          VectorOp extract = described(OpCode.valueOf(shape + "_EXTRACT_LANE" + sign), lane);
          Operand type = ((Scalar) extract.result()).type();
          assertThat(type.name()).isEqualTo(shape.charAt(0) + (bits == 64 ? "64" : "32"));
          assertThat(evaluate(extract, List.of(vector), 0))
              .as("%s %s", shape, lane)
              .containsExactly(lane(vector, bits, lane, !sign.equals("_U")));
        }
        byte[] replaced = vector.clone();
        put(replaced, bits, lane, scalar);
        VectorOp replace = described(OpCode.valueOf(shape + "_REPLACE_LANE"), lane);
        assertThat(vectorOf(evaluate(replace, List.of(vector), scalar)))
            .as("%s %s", shape, lane)
            .isEqualTo(replaced);
      }
    }
  }

  @Test
  void bytesAreShuffled() {
    Random random = new Random(2);
    for (int i = 0; i < 500; i++) {
      byte[] selectors = new byte[16];
      int first = random.nextInt(32);
      for (int at = 0; at < 16; at++) {
        selectors[at] =
            (byte)
                (switch (i % 5) {
                      case 0 -> random.nextInt(32);
                      case 1 -> first + at; // a row across both
                      case 2 -> (first & ~3) + at % 4 + (at / 4) * 12; // lanes of 32 bits
                      case 3 -> (first & ~7) + 7 - at % 8; // one half twice, reversed
                      default -> at < 8 ? first / 8 * 8 + at : random.nextInt(2) * 8 + at - 8;
                    }
                    & 31);
      }
      List<byte[]> in = List.of(random(random), random(random));
      byte[] expected = new byte[16];
      for (int at = 0; at < 16; at++) {
        expected[at] = in.get(selectors[at] / 16)[selectors[at] % 16];
      }
      VectorOp op = described(OpCode.I8x16_SHUFFLE, lane(selectors, 64, 0), lane(selectors, 64, 1));
      assertThat(vectorOf(evaluate(op, in, 0))).as(Arrays.toString(selectors)).isEqualTo(expected);
    }
  }

  @Test
  void constantsAreTheirHalves() {
    assertThat(evaluate(described(OpCode.V128_CONST, 1, -2), List.of(), 0)).containsExactly(1, -2);
  }

  @Test
  void everyInstructionIsEitherComputedOrAnAccess() {
    for (OpCode opcode : OpCode.values()) {
      Instruction instruction = new Instruction(0, opcode, new long[] {0, 0, 0, 0});
      boolean vector = VectorName.isVector(opcode);
      assertThat((VectorOp.of(instruction) != null) != (VectorAccess.of(instruction) != null))
          .as(opcode.name())
          .isEqualTo(vector);
    }
  }

  @Test
  void functionsTakeAndGiveLongsAndIntsOnly() {
    Set<Class<?>> types = new java.util.HashSet<>();
    Set<String> names = new TreeSet<>();
    for (LaneFunction function : LaneFunction.all()) {
      types.add(function.type().returnType());
      types.addAll(function.type().parameterList());
      assertThat(names.add(function.key())).isTrue();
    }
    assertThat(types).containsExactlyInAnyOrder(long.class, int.class);
  }
}

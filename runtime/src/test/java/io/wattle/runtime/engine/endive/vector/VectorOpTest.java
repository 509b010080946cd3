package io.wattle.runtime.engine.endive.vector;

import static io.wattle.runtime.engine.endive.vector.NaiveLanes.bits;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.count;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.lane;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.map;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.number;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.put;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.saturated;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.vector;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.zip;
import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.engine.endive.vector.VectorOp.Operand;
import io.wattle.runtime.engine.endive.vector.VectorOp.Result.Scalar;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import run.endive.runtime.MStack;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/** Every vector instruction, against loops over lanes. */
class VectorOpTest {
  private static final int TIMES = 150;

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

  private static Set<OpCode> plain() {
    Set<OpCode> all = EnumSet.range(OpCode.I8x16_SWIZZLE, OpCode.F64x2_CONVERT_LOW_I32x4_U);
    all.removeIf(opcode -> opcode.name().startsWith("V128_LOAD"));
    all.removeIf(opcode -> opcode.name().startsWith("V128_STORE"));
    all.removeIf(opcode -> opcode.name().contains("_LANE"));
    return all;
  }

  private static long half(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> EDGES[random.nextInt(EDGES.length)];
      case 1 -> random.nextLong() & 0x0707070707070707L;
      case 2 ->
          I32x4.of(
              (int) EDGES[random.nextInt(EDGES.length)], (int) EDGES[random.nextInt(EDGES.length)]);
      default -> random.nextLong();
    };
  }

  private static byte[] random(Random random) {
    return vector(half(random), half(random));
  }

  /** Pushes operands, evaluates, and gives back what lies on the stack. */
  private static long[] evaluate(VectorOp op, List<byte[]> vectors, long scalar) {
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

  private static byte[] vectorOf(long[] results) {
    assertThat(results).hasSize(2);
    return vector(results[0], results[1]);
  }

  private static VectorOp described(OpCode opcode, long... immediates) {
    return Objects.requireNonNull(
        VectorOp.of(new Instruction(0, opcode, immediates)), opcode.name());
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
      Object expected = expected(opcode.name(), in, scalar);
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

  private static Object expected(String name, List<byte[]> in, long scalar) {
    String shape = name.substring(0, name.indexOf('_'));
    String rest = name.substring(name.indexOf('_') + 1);
    return switch (shape) {
      case "V128" -> bitwise(rest, in);
      case "F32x4" -> floats(rest, 32, in, scalar);
      case "F64x2" -> floats(rest, 64, in, scalar);
      default ->
          integers(rest, Integer.parseInt(shape.substring(1, shape.indexOf('x'))), in, scalar);
    };
  }

  private static Object bitwise(String name, List<byte[]> in) {
    byte[] a = in.get(0);
    byte[] b = in.get(1);
    byte[] c = in.get(2);
    return switch (name) {
      case "NOT" -> map(a, 8, true, x -> -1 - x);
      case "AND" -> zip(a, b, 8, true, (x, y) -> x & y);
      case "ANDNOT" -> zip(a, b, 8, true, (x, y) -> x & ~y);
      case "OR" -> zip(a, b, 8, true, (x, y) -> x | y);
      case "XOR" -> zip(a, b, 8, true, (x, y) -> x ^ y);
      case "BITSELECT" ->
          zip(
              zip(a, c, 8, true, (x, mask) -> x & mask),
              zip(b, c, 8, true, (x, mask) -> x & ~mask),
              8,
              true,
              (x, y) -> x | y);
      case "ANY_TRUE" -> Arrays.equals(a, new byte[16]) ? 0L : 1L;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Object integers(String name, int bits, List<byte[]> in, long scalar) {
    byte[] a = in.get(0);
    byte[] b = in.get(1);
    boolean signed = !name.contains("_U");
    int count = count(a, bits);
    byte[] result = new byte[16];
    switch (name) {
      case "ALL_TRUE", "BITMASK" -> {
        long mask = 0;
        boolean all = true;
        for (int i = 0; i < count; i++) {
          mask |= lane(a, bits, i) < 0 ? 1L << i : 0;
          all &= lane(a, bits, i) != 0;
        }
        return name.equals("BITMASK") ? mask : all ? 1L : 0L;
      }
      case "SWIZZLE" -> {
        return map(b, 8, false, at -> at < 16 ? a[(int) at] : 0);
      }
      case "SPLAT" -> {
        return map(a, bits, true, _ -> scalar);
      }
      case "ABS" -> {
        return map(a, bits, true, Math::abs);
      }
      case "NEG" -> {
        return map(a, bits, true, x -> -x);
      }
      case "POPCNT" -> {
        return map(a, bits, false, Long::bitCount);
      }
      case "SHL" -> {
        return map(a, bits, true, x -> x << Math.floorMod((int) scalar, bits));
      }
      case "SHR_S" -> {
        return map(a, bits, true, x -> x >> Math.floorMod((int) scalar, bits));
      }
      case "SHR_U" -> {
        return map(a, bits, false, x -> x >>> Math.floorMod((int) scalar, bits));
      }
      case String wide when wide.startsWith("EXT") -> {
        for (int i = 0; i < count; i++) {
          put(result, bits, i, widened(name, a, b, bits / 2, i, count));
        }
        return result;
      }
      case String narrow when narrow.startsWith("NARROW") -> {
        for (int i = 0; i < count; i++) {
          byte[] from = i < count / 2 ? a : b;
          put(result, bits, i, saturated(lane(from, bits * 2, i % (count / 2)), bits, signed));
        }
        return result;
      }
      case String trunc when trunc.startsWith("TRUNC_SAT") -> {
        int from = trunc.endsWith("_ZERO") ? 64 : 32;
        for (int i = 0; i < count(a, from); i++) {
          put(result, 32, i, NaiveLanes.truncated(number(lane(a, from, i), from), signed));
        }
        return result;
      }
      case "DOT_I16x8_S" -> {
        for (int i = 0; i < count; i++) {
          long sum = lane(a, 16, 2 * i) * lane(b, 16, 2 * i);
          put(result, bits, i, sum + lane(a, 16, 2 * i + 1) * lane(b, 16, 2 * i + 1));
        }
        return result;
      }
      default -> {
        String operation = name.replaceFirst("_[SU]$", "");
        return zip(a, b, bits, signed, (x, y) -> NaiveLanes.integer(operation, x, y, bits, signed));
      }
    }
  }

  /** A lane of what has lanes twice as wide. */
  private static long widened(String name, byte[] a, byte[] b, int from, int lane, int count) {
    boolean signed = name.endsWith("_S");
    if (name.startsWith("EXTADD")) {
      return lane(a, from, 2 * lane, signed) + lane(a, from, 2 * lane + 1, signed);
    }
    int source = name.contains("_HIGH") ? count + lane : lane;
    long x = lane(a, from, source, signed);
    return name.startsWith("EXTMUL") ? x * lane(b, from, source, signed) : x;
  }

  private static Object floats(String name, int bits, List<byte[]> in, long scalar) {
    byte[] a = in.get(0);
    byte[] b = in.get(1);
    long sign = 1L << (bits - 1);
    byte[] result = new byte[16];
    switch (name) {
      case "SPLAT" -> {
        return map(a, bits, true, _ -> scalar);
      }
      case "ABS" -> {
        return map(a, bits, true, x -> x & ~sign);
      }
      case "NEG" -> {
        return map(a, bits, true, x -> x ^ sign);
      }
      case "SQRT" -> {
        return numbers(a, bits, Math::sqrt);
      }
      case "CEIL", "FLOOR", "TRUNC", "NEAREST" -> {
        return numbers(a, bits, x -> NaiveLanes.rounding(name, x));
      }
      case "PMIN" -> {
        return zip(a, b, bits, true, (x, y) -> number(y, bits) < number(x, bits) ? y : x);
      }
      case "PMAX" -> {
        return zip(a, b, bits, true, (x, y) -> number(x, bits) < number(y, bits) ? y : x);
      }
      case "EQ", "NE", "LT", "GT", "LE", "GE" -> {
        return zip(
            a,
            b,
            bits,
            true,
            (x, y) -> NaiveLanes.compare(name, number(x, bits), number(y, bits)) ? -1 : 0);
      }
      case "DEMOTE_LOW_F64x2_ZERO" -> {
        put(result, 32, 0, bits(number(lane(a, 64, 0), 64), 32));
        put(result, 32, 1, bits(number(lane(a, 64, 1), 64), 32));
        return result;
      }
      case "PROMOTE_LOW_F32x4" -> {
        put(result, 64, 0, bits(number(lane(a, 32, 0), 32), 64));
        put(result, 64, 1, bits(number(lane(a, 32, 1), 32), 64));
        return result;
      }
      case String convert when convert.startsWith("CONVERT") -> {
        boolean signed = convert.endsWith("_S");
        for (int i = 0; i < count(a, bits); i++) {
          put(result, bits, i, bits((double) lane(a, 32, i, signed), bits));
        }
        return result;
      }
      default -> {
        return zip(
            a,
            b,
            bits,
            true,
            (x, y) -> bits(NaiveLanes.arithmetic(name, number(x, bits), number(y, bits)), bits));
      }
    }
  }

  private static byte[] numbers(byte[] a, int bits, Function<Double, Double> each) {
    return map(a, bits, true, x -> bits(each.apply(number(x, bits)), bits));
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

  @Test
  void constantsAreTheirHalves() {
    assertThat(evaluate(described(OpCode.V128_CONST, 1, -2), List.of(), 0)).containsExactly(1, -2);
  }

  @Test
  void whatIsLoadedBecomesAVector() {
    long loaded = 0x8182838485868788L;
    assertThat(loaded(OpCode.V128_LOAD8x8_S, 8, loaded, 0, 0))
        .containsExactly(0xff85ff86ff87ff88L, 0xff81ff82ff83ff84L);
    assertThat(loaded(OpCode.V128_LOAD8x8_U, 8, loaded, 0, 0))
        .containsExactly(0x0085008600870088L, 0x0081008200830084L);
    assertThat(loaded(OpCode.V128_LOAD16x4_S, 8, loaded, 0, 0))
        .containsExactly(0xffff8586ffff8788L, 0xffff8182ffff8384L);
    assertThat(loaded(OpCode.V128_LOAD16x4_U, 8, loaded, 0, 0))
        .containsExactly(0x0000858600008788L, 0x0000818200008384L);
    assertThat(loaded(OpCode.V128_LOAD32x2_S, 8, loaded, 0, 0))
        .containsExactly(0xffffffff85868788L, 0xffffffff81828384L);
    assertThat(loaded(OpCode.V128_LOAD32x2_U, 8, loaded, 0, 0))
        .containsExactly(0x0000000085868788L, 0x0000000081828384L);
    assertThat(loaded(OpCode.V128_LOAD8_SPLAT, 1, 0x88, 0, 0))
        .containsExactly(0x8888888888888888L, 0x8888888888888888L);
    assertThat(loaded(OpCode.V128_LOAD16_SPLAT, 2, 0x8788, 0, 0))
        .containsExactly(0x8788878887888788L, 0x8788878887888788L);
    assertThat(loaded(OpCode.V128_LOAD32_SPLAT, 4, 0x85868788, 0, 0))
        .containsExactly(0x8586878885868788L, 0x8586878885868788L);
    assertThat(loaded(OpCode.V128_LOAD64_SPLAT, 8, loaded, 0, 0)).containsExactly(loaded, loaded);
    assertThat(loaded(OpCode.V128_LOAD32_ZERO, 4, 0x85868788, 0, 0))
        .containsExactly(0x85868788L, 0);
    assertThat(loaded(OpCode.V128_LOAD64_ZERO, 8, loaded, 0, 0)).containsExactly(loaded, 0);
    assertThat(loaded(OpCode.V128_LOAD8_LANE, 1, 0x88, 0, 9)).containsExactly(5, 0x8806);
    assertThat(loaded(OpCode.V128_LOAD16_LANE, 2, 0x8788, 0, 1)).containsExactly(0x87880005L, 6);
    assertThat(loaded(OpCode.V128_LOAD32_LANE, 4, 0x85868788, 0, 3))
        .containsExactly(5, 0x8586878800000006L);
    assertThat(loaded(OpCode.V128_LOAD64_LANE, 8, loaded, 0, 1)).containsExactly(5, loaded);
  }

  /** Of the vector (5, 6), where a lane is loaded. */
  private static long[] loaded(OpCode opcode, int bytes, long loaded, long offset, int lane) {
    if (!(VectorAccess.of(new Instruction(0, opcode, new long[] {0, offset, 0, lane}))
        instanceof VectorAccess.Load(int read, VectorOp then))) {
      throw new AssertionError(opcode + " loads nothing");
    }
    assertThat(read).isEqualTo(bytes);
    return evaluate(Objects.requireNonNull(then), List.of(vector(5, 6)), loaded);
  }

  @Test
  void lanesAreStored() {
    byte[] vector = vector(0x0102030405060708L, 0x1112131415161718L);
    assertThat(stored(OpCode.V128_STORE8_LANE, 1, 9, vector)).containsExactly(0x17);
    assertThat(stored(OpCode.V128_STORE16_LANE, 2, 1, vector)).containsExactly(0x0506);
    assertThat(stored(OpCode.V128_STORE32_LANE, 4, 3, vector)).containsExactly(0x11121314);
    assertThat(stored(OpCode.V128_STORE64_LANE, 8, 0, vector)).containsExactly(0x0102030405060708L);
  }

  private static long[] stored(OpCode opcode, int bytes, int lane, byte[] vector) {
    if (!(VectorAccess.of(new Instruction(0, opcode, new long[] {0, 0, 0, lane}))
        instanceof VectorAccess.Store(int written, VectorOp before))) {
      throw new AssertionError(opcode + " stores nothing");
    }
    assertThat(written).isEqualTo(bytes);
    return evaluate(Objects.requireNonNull(before), List.of(vector), 0);
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

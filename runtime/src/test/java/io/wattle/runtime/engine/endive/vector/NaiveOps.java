package io.wattle.runtime.engine.endive.vector;

import static io.wattle.runtime.engine.endive.vector.NaiveLanes.bits;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.count;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.lane;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.map;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.number;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.put;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.saturated;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.zip;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What vector instructions without immediates give, by their names, in loops over lanes. */
final class NaiveOps {
  private NaiveOps() {}

  /**
   * A vector as its bytes, or an i32 as a Long.
   *
   * @param in vectors, of which it takes as many as it does
   * @param scalar the operand that is none
   */
  static Object expected(String name, List<byte[]> in, long scalar) {
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
}

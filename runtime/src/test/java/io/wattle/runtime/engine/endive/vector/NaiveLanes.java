package io.wattle.runtime.engine.endive.vector;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Vectors as 16 bytes, and loops over their lanes. */
final class NaiveLanes {
  private NaiveLanes() {}

  static byte[] vector(long low, long high) {
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(low)
        .putLong(high)
        .array();
  }

  static int count(byte[] vector, int bits) {
    return vector.length * 8 / bits;
  }

  /** A lane, with its sign. */
  static long lane(byte[] vector, int bits, int lane) {
    int bytes = bits / 8;
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (vector[lane * bytes + i] & 0xffL) << (8 * i);
    }
    return value << (64 - bits) >> (64 - bits);
  }

  static long lane(byte[] vector, int bits, int lane, boolean signed) {
    long value = lane(vector, bits, lane);
    return signed ? value : unsigned(value, bits);
  }

  static long unsigned(long value, int bits) {
    return bits == 64 ? value : value & ((1L << bits) - 1);
  }

  static void put(byte[] vector, int bits, int lane, long value) {
    int bytes = bits / 8;
    for (int i = 0; i < bytes; i++) {
      vector[lane * bytes + i] = (byte) (value >>> (8 * i));
    }
  }

  static byte[] map(byte[] a, int bits, boolean signed, LongUnaryOperator each) {
    byte[] result = new byte[16];
    for (int i = 0; i < count(a, bits); i++) {
      put(result, bits, i, each.applyAsLong(lane(a, bits, i, signed)));
    }
    return result;
  }

  static byte[] zip(byte[] a, byte[] b, int bits, boolean signed, LongBinaryOperator each) {
    byte[] result = new byte[16];
    for (int i = 0; i < count(a, bits); i++) {
      put(result, bits, i, each.applyAsLong(lane(a, bits, i, signed), lane(b, bits, i, signed)));
    }
    return result;
  }

  /** Into the range of a type. */
  static long saturated(long value, int bits, boolean signed) {
    long most = signed ? (1L << (bits - 1)) - 1 : (1L << bits) - 1;
    long least = signed ? -(1L << (bits - 1)) : 0;
    return Math.clamp(value, least, most);
  }

  /** An operation on integers. */
  static long integer(String name, long x, long y, int bits, boolean signed) {
    return switch (name) {
      case "EQ" -> x == y ? -1 : 0;
      case "NE" -> x != y ? -1 : 0;
      case "LT" -> x < y ? -1 : 0;
      case "GT" -> x > y ? -1 : 0;
      case "LE" -> x <= y ? -1 : 0;
      case "GE" -> x >= y ? -1 : 0;
      case "ADD" -> x + y;
      case "SUB" -> x - y;
      case "MUL", "EXTMUL" -> x * y;
      case "ADD_SAT" -> saturated(x + y, bits, signed);
      case "SUB_SAT" -> saturated(x - y, bits, signed);
      case "MIN" -> Math.min(x, y);
      case "MAX" -> Math.max(x, y);
      case "AVGR" -> (x + y + 1) / 2;
      case "Q15MULR_SAT" -> saturated(Math.floorDiv(x * y + (1 << 14), 1 << 15), bits, true);
      default -> throw new IllegalArgumentException(name);
    };
  }

  static double number(long bits, int width) {
    return width == 32 ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
  }

  /** Rounds where lanes are narrow: what was computed of two of 24 bits was exact enough for it. */
  static long bits(double number, int width) {
    return width == 32
        ? Float.floatToRawIntBits((float) number)
        : Double.doubleToRawLongBits(number);
  }

  /** An operation on floating-point numbers that gives one. */
  static double arithmetic(String name, double x, double y) {
    return switch (name) {
      case "ADD" -> x + y;
      case "SUB" -> x - y;
      case "MUL" -> x * y;
      case "DIV" -> x / y;
      case "MIN" -> least(x, y);
      case "MAX" -> -least(-x, -y);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static double least(double x, double y) {
    if (Double.isNaN(x) || Double.isNaN(y)) {
      return Double.NaN;
    }
    boolean negative = Double.doubleToRawLongBits(x) < 0;
    return x == y ? (negative ? x : y) : (x < y ? x : y);
  }

  static boolean compare(String name, double x, double y) {
    return switch (name) {
      case "EQ" -> x == y;
      case "NE" -> x != y;
      case "LT" -> x < y;
      case "GT" -> x > y;
      case "LE" -> x <= y;
      case "GE" -> x >= y;
      default -> throw new IllegalArgumentException(name);
    };
  }

  static double rounding(String name, double x) {
    if (Double.isNaN(x) || Double.isInfinite(x) || x == 0) {
      return x;
    }
    BigDecimal exact = new BigDecimal(x);
    BigDecimal whole =
        exact.setScale(
            0,
            switch (name) {
              case "CEIL" -> java.math.RoundingMode.CEILING;
              case "FLOOR" -> java.math.RoundingMode.FLOOR;
              case "TRUNC" -> java.math.RoundingMode.DOWN;
              case "NEAREST" -> java.math.RoundingMode.HALF_EVEN;
              default -> throw new IllegalArgumentException(name);
            });
    return Math.copySign(whole.doubleValue(), x);
  }

  static long truncated(double x, boolean signed) {
    if (Double.isNaN(x)) {
      return 0;
    }
    double whole = x < 0 ? Math.ceil(x) : Math.floor(x);
    double most = signed ? Integer.MAX_VALUE : 4294967295.0;
    return (long) Math.clamp(whole, signed ? Integer.MIN_VALUE : 0.0, most);
  }
}

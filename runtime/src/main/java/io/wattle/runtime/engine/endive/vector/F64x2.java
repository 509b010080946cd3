package io.wattle.runtime.engine.endive.vector;

import io.wattle.runtime.engine.endive.scalar.Floats;

/** Two lanes of 64-bit floating-point numbers, each a half: as {@link F32x4}. */
public final class F64x2 {
  private F64x2() {}

  private static double number(long half) {
    return Double.longBitsToDouble(half);
  }

  private static long bits(double x) {
    return Double.doubleToRawLongBits(x);
  }

  // --- comparisons: all ones in lanes where they hold

  public static long eq(long a, long b) {
    return number(a) == number(b) ? -1 : 0;
  }

  public static long ne(long a, long b) {
    return number(a) != number(b) ? -1 : 0;
  }

  public static long lt(long a, long b) {
    return number(a) < number(b) ? -1 : 0;
  }

  public static long gt(long a, long b) {
    return number(a) > number(b) ? -1 : 0;
  }

  public static long le(long a, long b) {
    return number(a) <= number(b) ? -1 : 0;
  }

  public static long ge(long a, long b) {
    return number(a) >= number(b) ? -1 : 0;
  }

  // --- arithmetic

  public static long add(long a, long b) {
    return bits(number(a) + number(b));
  }

  public static long sub(long a, long b) {
    return bits(number(a) - number(b));
  }

  public static long mul(long a, long b) {
    return bits(number(a) * number(b));
  }

  public static long div(long a, long b) {
    return bits(number(a) / number(b));
  }

  public static long sqrt(long x) {
    return bits(Math.sqrt(number(x)));
  }

  public static long abs(long x) {
    return x & Long.MAX_VALUE;
  }

  public static long neg(long x) {
    return x ^ Long.MIN_VALUE;
  }

  public static long min(long a, long b) {
    return bits(Floats.f64_min(number(a), number(b)));
  }

  public static long max(long a, long b) {
    return bits(Floats.f64_max(number(a), number(b)));
  }

  /** The second where it is less: its bits, whatever they are. */
  public static long pmin(long a, long b) {
    return number(b) < number(a) ? b : a;
  }

  /** The second where it is more: its bits, whatever they are. */
  public static long pmax(long a, long b) {
    return number(a) < number(b) ? b : a;
  }

  public static long ceil(long x) {
    return bits(Floats.f64_ceil(number(x)));
  }

  public static long floor(long x) {
    return bits(Floats.f64_floor(number(x)));
  }

  public static long trunc(long x) {
    return bits(Floats.f64_trunc(number(x)));
  }

  public static long nearest(long x) {
    return bits(rounded(number(x)));
  }

  /** To the nearest whole number, to the even one of two. */
  static double rounded(double x) {
    double whole = Math.rint(x);
    return Double.isNaN(whole) ? x + x : whole;
  }

  // --- of the relaxed SIMD proposal: rounded once, which it allows and hardware does

  public static long madd(long a, long b, long c) {
    return bits(Math.fma(number(a), number(b), number(c)));
  }

  public static long nmadd(long a, long b, long c) {
    return bits(Math.fma(-number(a), number(b), number(c)));
  }

  // --- from other lanes

  public static long convertLowS(long half) {
    return bits((int) half);
  }

  public static long convertHighS(long half) {
    return bits((int) (half >>> 32));
  }

  public static long convertLowU(long half) {
    return bits((double) (half & 0xffffffffL));
  }

  public static long convertHighU(long half) {
    return bits((double) (half >>> 32));
  }

  public static long promoteLow(long half) {
    return bits(F32x4.low(half));
  }

  public static long promoteHigh(long half) {
    return bits(F32x4.high(half));
  }
}

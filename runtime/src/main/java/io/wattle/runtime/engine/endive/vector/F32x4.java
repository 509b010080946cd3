package io.wattle.runtime.engine.endive.vector;

import io.wattle.runtime.engine.endive.scalar.Floats;

/**
 * Four lanes of 32-bit floating-point numbers, two to a half: named after the instructions, and
 * public for generated classes. NaNs come out quiet wherever something is computed.
 */
public final class F32x4 {
  private static final long SIGNS = 0x8000000080000000L;
  private static final long LOWER = 0xffffffffL;

  private F32x4() {}

  static float low(long half) {
    return Float.intBitsToFloat((int) half);
  }

  static float high(long half) {
    return Float.intBitsToFloat((int) (half >>> 32));
  }

  private static long of(float low, float high) {
    return I32x4.of(Float.floatToRawIntBits(low), Float.floatToRawIntBits(high));
  }

  private static long mask(boolean low, boolean high) {
    return I32x4.of(low ? -1 : 0, high ? -1 : 0);
  }

  // --- comparisons: all ones in lanes where they hold

  public static long eq(long a, long b) {
    return mask(low(a) == low(b), high(a) == high(b));
  }

  public static long ne(long a, long b) {
    return mask(low(a) != low(b), high(a) != high(b));
  }

  public static long lt(long a, long b) {
    return mask(low(a) < low(b), high(a) < high(b));
  }

  public static long gt(long a, long b) {
    return mask(low(a) > low(b), high(a) > high(b));
  }

  public static long le(long a, long b) {
    return mask(low(a) <= low(b), high(a) <= high(b));
  }

  public static long ge(long a, long b) {
    return mask(low(a) >= low(b), high(a) >= high(b));
  }

  // --- arithmetic

  public static long add(long a, long b) {
    return of(low(a) + low(b), high(a) + high(b));
  }

  public static long sub(long a, long b) {
    return of(low(a) - low(b), high(a) - high(b));
  }

  public static long mul(long a, long b) {
    return of(low(a) * low(b), high(a) * high(b));
  }

  public static long div(long a, long b) {
    return of(low(a) / low(b), high(a) / high(b));
  }

  public static long sqrt(long x) {
    return of((float) Math.sqrt(low(x)), (float) Math.sqrt(high(x)));
  }

  public static long abs(long x) {
    return x & ~SIGNS;
  }

  public static long neg(long x) {
    return x ^ SIGNS;
  }

  public static long min(long a, long b) {
    return of(Floats.f32_min(low(a), low(b)), Floats.f32_min(high(a), high(b)));
  }

  public static long max(long a, long b) {
    return of(Floats.f32_max(low(a), low(b)), Floats.f32_max(high(a), high(b)));
  }

  /** The second where it is less: its bits, whatever they are. */
  public static long pmin(long a, long b) {
    return V128.bitselect(b, a, lt(b, a));
  }

  /** The second where it is more: its bits, whatever they are. */
  public static long pmax(long a, long b) {
    return V128.bitselect(b, a, lt(a, b));
  }

  public static long ceil(long x) {
    return of((float) Floats.f64_ceil(low(x)), (float) Floats.f64_ceil(high(x)));
  }

  public static long floor(long x) {
    return of((float) Floats.f64_floor(low(x)), (float) Floats.f64_floor(high(x)));
  }

  public static long trunc(long x) {
    return of((float) Floats.f64_trunc(low(x)), (float) Floats.f64_trunc(high(x)));
  }

  public static long nearest(long x) {
    return of((float) F64x2.rounded(low(x)), (float) F64x2.rounded(high(x)));
  }

  // --- of the relaxed SIMD proposal: rounded once, which it allows and hardware does

  public static long madd(long a, long b, long c) {
    return of(Math.fma(low(a), low(b), low(c)), Math.fma(high(a), high(b), high(c)));
  }

  public static long nmadd(long a, long b, long c) {
    return of(Math.fma(-low(a), low(b), low(c)), Math.fma(-high(a), high(b), high(c)));
  }

  // --- from other lanes

  public static long convertS(long half) {
    return of((float) (int) half, (float) (int) (half >>> 32));
  }

  public static long convertU(long half) {
    return of((float) (half & LOWER), (float) (half >>> 32));
  }

  public static long demoteLowZero(long low, long high) {
    return of((float) Double.longBitsToDouble(low), (float) Double.longBitsToDouble(high));
  }
}

package io.wattle.runtime.engine.endive.vector;

/**
 * Two lanes of 64 bits, each a half: named after the instructions; public for generated classes.
 */
public final class I64x2 {
  private static final long LOWER = 0xffffffffL;

  private I64x2() {}

  // --- comparisons: all ones in lanes where they hold

  public static long eq(long a, long b) {
    return a == b ? -1 : 0;
  }

  public static long ne(long a, long b) {
    return a == b ? 0 : -1;
  }

  public static long ltS(long a, long b) {
    return a < b ? -1 : 0;
  }

  public static long gtS(long a, long b) {
    return a > b ? -1 : 0;
  }

  public static long leS(long a, long b) {
    return a <= b ? -1 : 0;
  }

  public static long geS(long a, long b) {
    return a >= b ? -1 : 0;
  }

  public static int allTrue(long low, long high) {
    return low != 0 && high != 0 ? 1 : 0;
  }

  public static int bitmask(long low, long high) {
    return (int) (low >>> 63 | high >>> 63 << 1);
  }

  // --- arithmetic

  public static long add(long a, long b) {
    return a + b;
  }

  public static long sub(long a, long b) {
    return a - b;
  }

  public static long mul(long a, long b) {
    return a * b;
  }

  public static long neg(long x) {
    return -x;
  }

  public static long abs(long x) {
    return Math.abs(x);
  }

  // --- shifts

  public static long shl(long x, int count) {
    return x << count;
  }

  public static long shrS(long x, int count) {
    return x >> count;
  }

  public static long shrU(long x, int count) {
    return x >>> count;
  }

  // --- from narrower lanes

  public static long extendLowS(long half) {
    return (int) half;
  }

  public static long extendHighS(long half) {
    return half >> 32;
  }

  public static long extendLowU(long half) {
    return half & LOWER;
  }

  public static long extendHighU(long half) {
    return half >>> 32;
  }

  public static long extmulLowS(long a, long b) {
    return (long) (int) a * (int) b;
  }

  public static long extmulHighS(long a, long b) {
    return (a >> 32) * (b >> 32);
  }

  public static long extmulLowU(long a, long b) {
    return (a & LOWER) * (b & LOWER);
  }

  public static long extmulHighU(long a, long b) {
    return (a >>> 32) * (b >>> 32);
  }
}

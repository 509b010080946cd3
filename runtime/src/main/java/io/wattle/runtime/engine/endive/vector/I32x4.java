package io.wattle.runtime.engine.endive.vector;

/**
 * Four lanes of 32 bits, two to a half: named after the instructions, and public for generated
 * classes.
 */
public final class I32x4 {
  private static final long LOWER = 0xffffffffL;
  private static final long UPPER = ~LOWER;

  private I32x4() {}

  static long of(int low, int high) {
    return (low & LOWER) | (long) high << 32;
  }

  /** The same of longs, of which the lower 32 bits count. */
  private static long ofLongs(long low, long high) {
    return (low & LOWER) | high << 32;
  }

  public static long splat(int x) {
    return of(x, x);
  }

  public static int extractLane(long half, int lane) {
    return (int) (half >>> (lane << 5));
  }

  public static long replaceLane(long half, int x, int lane) {
    return (half & (UPPER >>> (lane << 5))) | (x & LOWER) << (lane << 5);
  }

  // --- comparisons: all ones in lanes where they hold. A difference of longs has no overflow.

  public static long eq(long a, long b) {
    return ~ne(a, b);
  }

  public static long ne(long a, long b) {
    long x = a ^ b;
    return ofLongs(-(x & LOWER) >> 63, -(x >>> 32) >> 63);
  }

  public static long ltS(long a, long b) {
    return ofLongs(((long) (int) a - (int) b) >> 63, ((a >> 32) - (b >> 32)) >> 63);
  }

  public static long ltU(long a, long b) {
    return ofLongs(((a & LOWER) - (b & LOWER)) >> 63, ((a >>> 32) - (b >>> 32)) >> 63);
  }

  public static long gtS(long a, long b) {
    return ltS(b, a);
  }

  public static long gtU(long a, long b) {
    return ltU(b, a);
  }

  public static long leS(long a, long b) {
    return ~ltS(b, a);
  }

  public static long leU(long a, long b) {
    return ~ltU(b, a);
  }

  public static long geS(long a, long b) {
    return ~ltS(a, b);
  }

  public static long geU(long a, long b) {
    return ~ltU(a, b);
  }

  public static int allTrue(long low, long high) {
    return (int) low != 0 && low >>> 32 != 0 && (int) high != 0 && high >>> 32 != 0 ? 1 : 0;
  }

  public static int bitmask(long low, long high) {
    return highestBits(low) | highestBits(high) << 2;
  }

  private static int highestBits(long x) {
    return (int) (((x >>> 31) & 1) | ((x >>> 62) & 2));
  }

  // --- arithmetic

  public static long add(long a, long b) {
    return ((a + b) & LOWER) | ((a & UPPER) + (b & UPPER));
  }

  public static long sub(long a, long b) {
    return ((a - b) & LOWER) | ((a & UPPER) - (b & UPPER));
  }

  public static long mul(long a, long b) {
    return ((a * b) & LOWER) | ((a >>> 32) * (b >>> 32)) << 32;
  }

  public static long neg(long x) {
    return sub(0, x);
  }

  public static long abs(long x) {
    return of(Math.abs((int) x), Math.abs((int) (x >>> 32)));
  }

  public static long minS(long a, long b) {
    return of(Math.min((int) a, (int) b), Math.min((int) (a >>> 32), (int) (b >>> 32)));
  }

  public static long maxS(long a, long b) {
    return of(Math.max((int) a, (int) b), Math.max((int) (a >>> 32), (int) (b >>> 32)));
  }

  public static long minU(long a, long b) {
    return V128.bitselect(a, b, ltU(a, b));
  }

  public static long maxU(long a, long b) {
    return V128.bitselect(b, a, ltU(a, b));
  }

  // --- shifts

  public static long shl(long x, int count) {
    return ((x << (count & 31)) & LOWER) | (x & UPPER) << (count & 31);
  }

  public static long shrU(long x, int count) {
    return (x & LOWER) >>> (count & 31) | ((x >>> (count & 31)) & UPPER);
  }

  public static long shrS(long x, int count) {
    return (((int) x >> count) & LOWER) | ((x >> (count & 31)) & UPPER);
  }

  // --- from other lanes

  public static long extendLowS(long half) {
    return of((short) half, (short) (half >>> 16));
  }

  public static long extendHighS(long half) {
    return extendLowS(half >>> 32);
  }

  public static long extendLowU(long half) {
    return (half & 0xffff) | (half & 0xffff0000L) << 16;
  }

  public static long extendHighU(long half) {
    return extendLowU(half >>> 32);
  }

  public static long extmulLowS(long a, long b) {
    return of((short) a * (short) b, (short) (a >>> 16) * (short) (b >>> 16));
  }

  public static long extmulHighS(long a, long b) {
    return extmulLowS(a >>> 32, b >>> 32);
  }

  public static long extmulLowU(long a, long b) {
    return ((a & 0xffff) * (b & 0xffff)) | (((a >>> 16) & 0xffff) * ((b >>> 16) & 0xffff)) << 32;
  }

  public static long extmulHighU(long a, long b) {
    return extmulLowU(a >>> 32, b >>> 32);
  }

  public static long extaddPairwiseS(long half) {
    return of((short) half + (short) (half >>> 16), (short) (half >>> 32) + (short) (half >>> 48));
  }

  public static long extaddPairwiseU(long half) {
    return (half & 0x0000ffff0000ffffL) + ((half >>> 16) & 0x0000ffff0000ffffL);
  }

  /** Sums of two products each. */
  public static long dotS(long a, long b) {
    return of(
        (short) a * (short) b + (short) (a >>> 16) * (short) (b >>> 16),
        (short) (a >>> 32) * (short) (b >>> 32) + (short) (a >>> 48) * (short) (b >>> 48));
  }

  /** Of the relaxed SIMD proposal: sums of two of {@link I16x8#dotS} each, and of what there is. */
  public static long dotAddS(long a, long b, long sums) {
    return add(extaddPairwiseS(I16x8.dotS(a, b)), sums);
  }

  // --- from floating-point numbers: those outside the range become its ends, NaN 0, as in Java

  public static long truncSatS(long half) {
    return of((int) F32x4.low(half), (int) F32x4.high(half));
  }

  public static long truncSatU(long half) {
    return ofLongs(unsigned((long) F32x4.low(half)), unsigned((long) F32x4.high(half)));
  }

  public static long truncSatSZero(long low, long high) {
    return of((int) Double.longBitsToDouble(low), (int) Double.longBitsToDouble(high));
  }

  public static long truncSatUZero(long low, long high) {
    return ofLongs(
        unsigned((long) Double.longBitsToDouble(low)),
        unsigned((long) Double.longBitsToDouble(high)));
  }

  private static long unsigned(long x) {
    return Math.max(Math.min(x, LOWER), 0);
  }
}

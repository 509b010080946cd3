package io.wattle.runtime.engine.endive.vector;

/**
 * Eight lanes of 16 bits, four to a half: as {@link I8x16}. What takes one half of a vector with
 * narrower lanes and gives both halves of one with these is two methods, "Low" and "High".
 */
public final class I16x8 {
  private static final long ONES = 0x0001000100010001L;
  private static final long HIGHEST = 0x8000800080008000L;
  private static final long REST = 0x7fff7fff7fff7fffL;
  private static final long LOWER_BYTES = 0x00ff00ff00ff00ffL;

  private I16x8() {}

  public static long splat(int x) {
    return (x & 0xffff) * ONES;
  }

  public static int extractLaneS(long half, int lane) {
    return (short) (half >>> (lane << 4));
  }

  public static int extractLaneU(long half, int lane) {
    return (int) (half >>> (lane << 4)) & 0xffff;
  }

  public static long replaceLane(long half, int x, int lane) {
    return (half & ~(0xffffL << (lane << 4))) | ((x & 0xffffL) << (lane << 4));
  }

  private static long of(int a, int b, int c, int d) {
    return (a & 0xffffL) | (b & 0xffffL) << 16 | (c & 0xffffL) << 32 | (long) d << 48;
  }

  // --- comparisons: all ones in lanes where they hold

  /** From the highest bit of each lane to all of them. */
  private static long filled(long highest) {
    return (highest << 1) - (highest >>> 15);
  }

  /** The highest bit of lanes that are not 0. */
  private static long nonzero(long x) {
    return (((x & REST) + REST) | x) & HIGHEST;
  }

  public static long eq(long a, long b) {
    return filled(nonzero(a ^ b) ^ HIGHEST);
  }

  public static long ne(long a, long b) {
    return filled(nonzero(a ^ b));
  }

  public static long ltU(long a, long b) {
    long noBorrow = (a | HIGHEST) - (b & REST);
    return filled(((~a & b) | (~(a ^ b) & ~noBorrow)) & HIGHEST);
  }

  public static long ltS(long a, long b) {
    return ltU(a ^ HIGHEST, b ^ HIGHEST);
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
    return (nonzero(low) & nonzero(high)) == HIGHEST ? 1 : 0;
  }

  public static int bitmask(long low, long high) {
    return highestBits(low) | highestBits(high) << 4;
  }

  /** Multiplying brings the highest bit of lane i to bit 60 + i; no two bits meet. */
  private static int highestBits(long x) {
    return (int) (((x & HIGHEST) * 0x0000200040008001L) >>> 60);
  }

  // --- arithmetic

  public static long add(long a, long b) {
    return ((a & REST) + (b & REST)) ^ ((a ^ b) & HIGHEST);
  }

  public static long sub(long a, long b) {
    return ((a | HIGHEST) - (b & REST)) ^ ((a ^ ~b) & HIGHEST);
  }

  public static long mul(long a, long b) {
    return ((a * b) & 0xffff)
        | (((a >>> 16) * (b >>> 16)) & 0xffff) << 16
        | (((a >>> 32) * (b >>> 32)) & 0xffff) << 32
        | ((a >>> 48) * (b >>> 48)) << 48;
  }

  public static long neg(long x) {
    return sub(0, x);
  }

  public static long abs(long x) {
    long negative = filled(x & HIGHEST);
    return sub(x ^ negative, negative);
  }

  public static long addSatU(long a, long b) {
    long sum = add(a, b);
    long carry = (a & b) | ((a | b) & ~sum);
    return sum | filled(carry & HIGHEST);
  }

  public static long subSatU(long a, long b) {
    long difference = sub(a, b);
    long borrow = (~a & b) | ((~a | b) & difference);
    return difference & ~filled(borrow & HIGHEST);
  }

  public static long addSatS(long a, long b) {
    long sum = add(a, b);
    return saturated(sum, ~(a ^ b) & (a ^ sum), a);
  }

  public static long subSatS(long a, long b) {
    long difference = sub(a, b);
    return saturated(difference, (a ^ b) & (a ^ difference), a);
  }

  /** As in {@link I8x16}. */
  private static long saturated(long result, long overflow, long sign) {
    long border = filled(sign & HIGHEST) ^ REST;
    return V128.bitselect(border, result, filled(overflow & HIGHEST));
  }

  public static long minS(long a, long b) {
    return V128.bitselect(a, b, ltS(a, b));
  }

  public static long minU(long a, long b) {
    return V128.bitselect(a, b, ltU(a, b));
  }

  public static long maxS(long a, long b) {
    return V128.bitselect(b, a, ltS(a, b));
  }

  public static long maxU(long a, long b) {
    return V128.bitselect(b, a, ltU(a, b));
  }

  /** Half the sum, rounded up. */
  public static long avgrU(long a, long b) {
    return (a | b) - (((a ^ b) >>> 1) & REST);
  }

  /** Products of fractions with 15 bits, rounded. */
  public static long q15mulrSatS(long a, long b) {
    return of(
        q15((short) a, (short) b),
        q15((short) (a >>> 16), (short) (b >>> 16)),
        q15((short) (a >>> 32), (short) (b >>> 32)),
        q15((short) (a >>> 48), (short) (b >>> 48)));
  }

  private static int q15(int a, int b) {
    return Math.min((a * b + 0x4000) >> 15, Short.MAX_VALUE);
  }

  // --- shifts

  public static long shl(long x, int count) {
    int by = count & 15;
    return (x << by) & (((0xffff << by) & 0xffff) * ONES);
  }

  public static long shrU(long x, int count) {
    int by = count & 15;
    return (x >>> by) & ((0xffff >>> by) * ONES);
  }

  public static long shrS(long x, int count) {
    int by = count & 15;
    long kept = (0xffff >>> by) * ONES;
    return ((x >>> by) & kept) | (filled(x & HIGHEST) & ~kept);
  }

  // --- from other lanes

  /** A half of a vector of 32-bit lanes, made narrower: lanes outside the range become its ends. */
  public static long narrowS(long low, long high) {
    return of(clampedS(low), clampedS(low >> 32), clampedS(high), clampedS(high >> 32));
  }

  private static int clampedS(long x) {
    return Math.max(Math.min((int) x, Short.MAX_VALUE), Short.MIN_VALUE);
  }

  public static long narrowU(long low, long high) {
    return of(clampedU(low), clampedU(low >> 32), clampedU(high), clampedU(high >> 32));
  }

  private static int clampedU(long x) {
    return Math.max(Math.min((int) x, 0xffff), 0);
  }

  public static long extendLowU(long half) {
    long pairs = ((half & 0xffffffffL) | half << 16) & 0x0000ffff0000ffffL;
    return (pairs | pairs << 8) & LOWER_BYTES;
  }

  public static long extendHighU(long half) {
    return extendLowU(half >>> 32);
  }

  public static long extendLowS(long half) {
    return signed(extendLowU(half));
  }

  public static long extendHighS(long half) {
    return signed(extendLowU(half >>> 32));
  }

  /** Fills the upper bytes of lanes, which are 0, with the sign of the lower ones. */
  private static long signed(long x) {
    return x | ((x >>> 7) & ONES) * 0xff00;
  }

  public static long extmulLowS(long a, long b) {
    return mul(extendLowS(a), extendLowS(b));
  }

  public static long extmulHighS(long a, long b) {
    return mul(extendHighS(a), extendHighS(b));
  }

  public static long extmulLowU(long a, long b) {
    return mul(extendLowU(a), extendLowU(b));
  }

  public static long extmulHighU(long a, long b) {
    return mul(extendHighU(a), extendHighU(b));
  }

  public static long extaddPairwiseU(long half) {
    return (half & LOWER_BYTES) + ((half >>> 8) & LOWER_BYTES);
  }

  public static long extaddPairwiseS(long half) {
    return add(signed(half & LOWER_BYTES), signed((half >>> 8) & LOWER_BYTES));
  }

  /** Of the relaxed SIMD proposal: sums of two products of bytes each, all with their signs. */
  public static long dotS(long a, long b) {
    long even = mul(signed(a & LOWER_BYTES), signed(b & LOWER_BYTES));
    long odd = mul(signed((a >>> 8) & LOWER_BYTES), signed((b >>> 8) & LOWER_BYTES));
    return add(even, odd);
  }
}

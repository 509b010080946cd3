package io.wattle.runtime.engine.endive.vector;

/**
 * Sixteen lanes of 8 bits, eight to a half: named after the instructions, and public for generated
 * classes. Lanes are computed together where no carry leaves them: the bits below each lane's
 * highest first, then the highest ones.
 */
public final class I8x16 {
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHEST = 0x8080808080808080L;
  private static final long REST = 0x7f7f7f7f7f7f7f7fL;

  private I8x16() {}

  public static long splat(int x) {
    return (x & 0xff) * ONES;
  }

  public static int extractLaneS(long half, int lane) {
    return (byte) (half >>> (lane << 3));
  }

  public static int extractLaneU(long half, int lane) {
    return (int) (half >>> (lane << 3)) & 0xff;
  }

  public static long replaceLane(long half, int x, int lane) {
    return (half & ~(0xffL << (lane << 3))) | ((x & 0xffL) << (lane << 3));
  }

  /** A half of those bytes of a vector that selectors name, 0 for selectors over 15. */
  public static long swizzle(long low, long high, long selectors) {
    long bytes =
        selected(low, high, selectors)
            | selected(low, high, selectors >>> 8) << 8
            | selected(low, high, selectors >>> 16) << 16
            | selected(low, high, selectors >>> 24) << 24
            | selected(low, high, selectors >>> 32) << 32
            | selected(low, high, selectors >>> 40) << 40
            | selected(low, high, selectors >>> 48) << 48
            | selected(low, high, selectors >>> 56) << 56;
    return bytes & ~ne(selectors & 0xf0f0f0f0f0f0f0f0L, 0);
  }

  private static long selected(long low, long high, long selector) {
    return (((selector & 8) == 0 ? low : high) >>> (selector << 3)) & 0xff;
  }

  // --- comparisons: all ones in lanes where they hold

  /** From the highest bit of each lane to all of them. */
  private static long filled(long highest) {
    return (highest << 1) - (highest >>> 7);
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
    return highestBits(low) | highestBits(high) << 8;
  }

  /** Multiplying brings the highest bit of lane i to bit 56 + i; no two bits meet. */
  private static int highestBits(long x) {
    return (int) (((x & HIGHEST) * 0x0002040810204081L) >>> 56);
  }

  // --- arithmetic

  public static long add(long a, long b) {
    return ((a & REST) + (b & REST)) ^ ((a ^ b) & HIGHEST);
  }

  public static long sub(long a, long b) {
    return ((a | HIGHEST) - (b & REST)) ^ ((a ^ ~b) & HIGHEST);
  }

  public static long neg(long x) {
    return sub(0, x);
  }

  public static long abs(long x) {
    long negative = filled(x & HIGHEST);
    return sub(x ^ negative, negative);
  }

  public static long popcnt(long x) {
    long pairs = x - ((x >>> 1) & 0x5555555555555555L);
    long nibbles = (pairs & 0x3333333333333333L) + ((pairs >>> 2) & 0x3333333333333333L);
    return (nibbles + (nibbles >>> 4)) & 0x0f0f0f0f0f0f0f0fL;
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

  /**
   * Puts the largest or smallest number where there was an overflow.
   *
   * @param overflow in the highest bits of lanes
   * @param sign of the right result, in the highest bits of lanes
   */
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

  // --- shifts

  public static long shl(long x, int count) {
    int by = count & 7;
    return (x << by) & (((0xff << by) & 0xff) * ONES);
  }

  public static long shrU(long x, int count) {
    int by = count & 7;
    return (x >>> by) & ((0xff >>> by) * ONES);
  }

  public static long shrS(long x, int count) {
    int by = count & 7;
    long kept = (0xff >>> by) * ONES;
    return ((x >>> by) & kept) | (filled(x & HIGHEST) & ~kept);
  }

  // --- from wider lanes

  /** A half of a vector of 16-bit lanes, made narrower: lanes outside the range become its ends. */
  public static long narrowS(long low, long high) {
    return joined(clampedS(low), clampedS(high));
  }

  private static long clampedS(long x) {
    return I16x8.maxS(I16x8.minS(x, 0x007f007f007f007fL), 0xff80ff80ff80ff80L);
  }

  public static long narrowU(long low, long high) {
    return joined(clampedU(low), clampedU(high));
  }

  private static long clampedU(long x) {
    return I16x8.maxS(I16x8.minS(x, 0x00ff00ff00ff00ffL), 0);
  }

  private static long joined(long low, long high) {
    return lowBytes(low) | lowBytes(high) << 32;
  }

  /** The lower bytes of four 16-bit lanes, next to each other. */
  private static long lowBytes(long x) {
    long bytes = x & 0x00ff00ff00ff00ffL;
    long pairs = (bytes | bytes >>> 8) & 0x0000ffff0000ffffL;
    return (pairs | pairs >>> 16) & 0xffffffffL;
  }
}

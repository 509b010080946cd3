package io.wattle.runtime.engine.endive.vector;

/** Instructions that see bits, or bytes of any lane. Public for generated classes. */
public final class V128 {
  private V128() {}

  public static long not(long x) {
    return ~x;
  }

  public static long and(long a, long b) {
    return a & b;
  }

  public static long andnot(long a, long b) {
    return a & ~b;
  }

  public static long or(long a, long b) {
    return a | b;
  }

  public static long xor(long a, long b) {
    return a ^ b;
  }

  /** Bits of {@code a} where {@code mask} has ones, of {@code b} elsewhere. */
  public static long bitselect(long a, long b, long mask) {
    return b ^ ((a ^ b) & mask);
  }

  public static int anyTrue(long low, long high) {
    return (low | high) == 0 ? 0 : 1;
  }

  /** An i32 as the low lane of a half whose other lane is 0. */
  public static long zeroExtended(int x) {
    return x & 0xffffffffL;
  }

  /**
   * Some bytes of a half at other places: a shuffle is one or more of these together.
   *
   * @param bits how far up they go, down when negative
   * @param mask where they are then
   */
  public static long moved(long half, int bits, long mask) {
    return (bits >= 0 ? half << bits : half >>> -bits) & mask;
  }

  /** All bytes of a half, the last one first. */
  public static long reversed(long half) {
    return Long.reverseBytes(half);
  }

  /**
   * A half of a shuffle.
   *
   * @param selectors bytes from 0 to 31: which of those of both vectors come here
   */
  public static long shuffle(long alow, long ahigh, long blow, long bhigh, long selectors) {
    return selected(alow, ahigh, blow, bhigh, selectors)
        | selected(alow, ahigh, blow, bhigh, selectors >>> 8) << 8
        | selected(alow, ahigh, blow, bhigh, selectors >>> 16) << 16
        | selected(alow, ahigh, blow, bhigh, selectors >>> 24) << 24
        | selected(alow, ahigh, blow, bhigh, selectors >>> 32) << 32
        | selected(alow, ahigh, blow, bhigh, selectors >>> 40) << 40
        | selected(alow, ahigh, blow, bhigh, selectors >>> 48) << 48
        | selected(alow, ahigh, blow, bhigh, selectors >>> 56) << 56;
  }

  private static long selected(long alow, long ahigh, long blow, long bhigh, long selector) {
    long low = (selector & 16) == 0 ? alow : blow;
    long high = (selector & 16) == 0 ? ahigh : bhigh;
    return (((selector & 8) == 0 ? low : high) >>> (selector << 3)) & 0xff;
  }
}

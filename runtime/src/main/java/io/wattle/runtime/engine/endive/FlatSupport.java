package io.wattle.runtime.engine.endive;

import run.endive.runtime.Memory;

/**
 * What generated code calls instead of {@link GuestSupport} where memories are flat: methods of
 * their own, whose profiles know nothing of pages. Public because generated classes live in a
 * package and loader of their own; no API.
 */
public final class FlatSupport {
  private FlatSupport() {}

  /** At function entries and in loops of modules that have a memory. */
  public static void check(Memory memory) {
    if (((FlatMemory) memory).stopped) {
      throw ((FlatMemory) memory).signal.trap();
    }
  }

  private static long ea(int base, int offset) {
    return (base & 0xffff_ffffL) + (offset & 0xffff_ffffL);
  }

  public static byte memoryReadByte(int base, int offset, Memory memory) {
    return ((FlatMemory) memory).load8(ea(base, offset));
  }

  public static short memoryReadShort(int base, int offset, Memory memory) {
    return ((FlatMemory) memory).load16(ea(base, offset));
  }

  public static int memoryReadInt(int base, int offset, Memory memory) {
    return ((FlatMemory) memory).load32(ea(base, offset));
  }

  public static long memoryReadLong(int base, int offset, Memory memory) {
    return ((FlatMemory) memory).load64(ea(base, offset));
  }

  public static float memoryReadFloat(int base, int offset, Memory memory) {
    return Float.intBitsToFloat(((FlatMemory) memory).load32(ea(base, offset)));
  }

  public static double memoryReadDouble(int base, int offset, Memory memory) {
    return Double.longBitsToDouble(((FlatMemory) memory).load64(ea(base, offset)));
  }

  public static void memoryWriteByte(int base, byte value, int offset, Memory memory) {
    ((FlatMemory) memory).store8(ea(base, offset), value);
  }

  public static void memoryWriteShort(int base, short value, int offset, Memory memory) {
    ((FlatMemory) memory).store16(ea(base, offset), value);
  }

  public static void memoryWriteInt(int base, int value, int offset, Memory memory) {
    ((FlatMemory) memory).store32(ea(base, offset), value);
  }

  public static void memoryWriteLong(int base, long value, int offset, Memory memory) {
    ((FlatMemory) memory).store64(ea(base, offset), value);
  }

  public static void memoryWriteFloat(int base, float value, int offset, Memory memory) {
    ((FlatMemory) memory).store32(ea(base, offset), Float.floatToRawIntBits(value));
  }

  public static void memoryWriteDouble(int base, double value, int offset, Memory memory) {
    ((FlatMemory) memory).store64(ea(base, offset), Double.doubleToRawLongBits(value));
  }
}

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

  public static byte memoryReadByte(int base, int offset, Memory memory) {
    return ((FlatMemory) memory).get8(ArrayMemory.at(base, offset));
  }

  public static short memoryReadShort(int base, int offset, Memory memory) {
    return ((FlatMemory) memory).get16(ArrayMemory.at(base, offset));
  }

  public static int memoryReadInt(int base, int offset, Memory memory) {
    return ((FlatMemory) memory).get32(ArrayMemory.at(base, offset));
  }

  public static long memoryReadLong(int base, int offset, Memory memory) {
    return ((FlatMemory) memory).get64(ArrayMemory.at(base, offset));
  }

  public static float memoryReadFloat(int base, int offset, Memory memory) {
    return Float.intBitsToFloat(((FlatMemory) memory).get32(ArrayMemory.at(base, offset)));
  }

  public static double memoryReadDouble(int base, int offset, Memory memory) {
    return Double.longBitsToDouble(((FlatMemory) memory).get64(ArrayMemory.at(base, offset)));
  }

  public static void memoryWriteByte(int base, byte value, int offset, Memory memory) {
    ((FlatMemory) memory).set8(ArrayMemory.at(base, offset), value);
  }

  public static void memoryWriteShort(int base, short value, int offset, Memory memory) {
    ((FlatMemory) memory).set16(ArrayMemory.at(base, offset), value);
  }

  public static void memoryWriteInt(int base, int value, int offset, Memory memory) {
    ((FlatMemory) memory).set32(ArrayMemory.at(base, offset), value);
  }

  public static void memoryWriteLong(int base, long value, int offset, Memory memory) {
    ((FlatMemory) memory).set64(ArrayMemory.at(base, offset), value);
  }

  public static void memoryWriteFloat(int base, float value, int offset, Memory memory) {
    ((FlatMemory) memory).set32(ArrayMemory.at(base, offset), Float.floatToRawIntBits(value));
  }

  public static void memoryWriteDouble(int base, double value, int offset, Memory memory) {
    ((FlatMemory) memory).set64(ArrayMemory.at(base, offset), Double.doubleToRawLongBits(value));
  }
}

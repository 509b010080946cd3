package io.wattle.runtime.engine.endive;

import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.TableInstance;

/**
 * What generated code calls instead of {@link GuestSupport} where memories are flat: methods of
 * their own, whose profiles know nothing of pages. Public because generated classes live in a
 * package and loader of their own; no API.
 */
public final class FlatSupport {
  private FlatSupport() {}

  /** In loops of modules that have a memory. */
  public static void check(Memory memory) {
    if (((FlatMemory) memory).stopped) {
      throw ((FlatMemory) memory).signal.trap();
    }
  }

  /** At their function entries, and before what takes long. */
  public static void checkEntry(Memory memory) {
    if (((FlatMemory) memory).stopping) {
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

  public static void memoryCopy(int to, int from, int size, Memory memory) {
    ((FlatMemory) memory).move(to, from, size);
  }

  public static void memoryFill(int to, byte value, int size, Memory memory) {
    ((FlatMemory) memory).set(to, value, size);
  }

  // --- what is at hand

  public static long readGlobalOfOwner(int index, Instance instance, Memory memory) {
    GlobalInstance known = ((FlatMemory) memory).stackOfOwner;
    return (known == null ? instance.global(index) : known).getValueLow();
  }

  public static void writeGlobalOfOwner(long value, int index, Instance instance, Memory memory) {
    GlobalInstance known = ((FlatMemory) memory).stackOfOwner;
    (known == null ? instance.global(index) : known).setValueLow(value);
  }

  public static long readGlobalOfAll(int index, Instance instance, Memory memory) {
    GlobalInstance known = ((FlatMemory) memory).stackOfAll;
    return (known == null ? instance.global(index) : known).getValueLow();
  }

  public static void writeGlobalOfAll(long value, int index, Instance instance, Memory memory) {
    GlobalInstance known = ((FlatMemory) memory).stackOfAll;
    (known == null ? instance.global(index) : known).setValueLow(value);
  }

  public static TableInstance tableOfOwner(Instance instance, int index, Memory memory) {
    GuestTable known = ((FlatMemory) memory).tableOfOwner;
    return index != 0 || known == null ? instance.table(index) : known;
  }

  public static TableInstance tableOfAll(Instance instance, int index, Memory memory) {
    GuestTable known = ((FlatMemory) memory).tableOfAll;
    return index != 0 || known == null ? instance.table(index) : known;
  }
}

package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.split.Spill;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.CallResult;
import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.TableInstance;
import run.endive.runtime.WasmException;

/**
 * What the second code of a module calls instead of {@link GuestSupport}: has all of its methods,
 * because {@link SecondCode} puts one name for the other, and those for each access are its own, so
 * that their profiles know nothing of pages. Public because generated classes live in a package and
 * loader of their own; no API.
 */
public final class MarkedSupport {
  private MarkedSupport() {}

  /** In loops of modules that have a memory. */
  public static void check(Memory memory) {
    if (((MarkedMemory) memory).stopped) {
      throw ((MarkedMemory) memory).signal.trap();
    }
  }

  /** At their function entries, and before what takes long. */
  public static void checkEntry(Memory memory) {
    if (((MarkedMemory) memory).stopping) {
      throw ((MarkedMemory) memory).signal.trap();
    }
  }

  public static byte memoryReadByte(int base, int offset, Memory memory) {
    return ((MarkedMemory) memory).get8(ArrayMemory.at(base, offset));
  }

  public static short memoryReadShort(int base, int offset, Memory memory) {
    return ((MarkedMemory) memory).get16(ArrayMemory.at(base, offset));
  }

  public static int memoryReadInt(int base, int offset, Memory memory) {
    return ((MarkedMemory) memory).get32(ArrayMemory.at(base, offset));
  }

  public static long memoryReadLong(int base, int offset, Memory memory) {
    return ((MarkedMemory) memory).get64(ArrayMemory.at(base, offset));
  }

  public static float memoryReadFloat(int base, int offset, Memory memory) {
    return Float.intBitsToFloat(((MarkedMemory) memory).get32(ArrayMemory.at(base, offset)));
  }

  public static double memoryReadDouble(int base, int offset, Memory memory) {
    return Double.longBitsToDouble(((MarkedMemory) memory).get64(ArrayMemory.at(base, offset)));
  }

  public static void memoryWriteByte(int base, byte value, int offset, Memory memory) {
    ((MarkedMemory) memory).set8(ArrayMemory.at(base, offset), value);
  }

  public static void memoryWriteShort(int base, short value, int offset, Memory memory) {
    ((MarkedMemory) memory).set16(ArrayMemory.at(base, offset), value);
  }

  public static void memoryWriteInt(int base, int value, int offset, Memory memory) {
    ((MarkedMemory) memory).set32(ArrayMemory.at(base, offset), value);
  }

  public static void memoryWriteLong(int base, long value, int offset, Memory memory) {
    ((MarkedMemory) memory).set64(ArrayMemory.at(base, offset), value);
  }

  public static void memoryWriteFloat(int base, float value, int offset, Memory memory) {
    ((MarkedMemory) memory).set32(ArrayMemory.at(base, offset), Float.floatToRawIntBits(value));
  }

  public static void memoryWriteDouble(int base, double value, int offset, Memory memory) {
    ((MarkedMemory) memory).set64(ArrayMemory.at(base, offset), Double.doubleToRawLongBits(value));
  }

  // --- what is the same for all memories

  public static void check(Instance instance) {
    GuestSupport.check(instance);
  }

  public static Spill spill(Instance instance) {
    return GuestSupport.spill(instance);
  }

  public static int memoryGrow(int by, Memory memory) {
    return GuestSupport.memoryGrow(by, memory);
  }

  public static int memoryPages(Memory memory) {
    return GuestSupport.memoryPages(memory);
  }

  public static void memoryCopy(int to, int from, int size, Memory memory) {
    ((MarkedMemory) memory).move(to, from, size);
  }

  public static void memoryCopy(int to, int from, int size, Memory target, Memory source) {
    GuestSupport.memoryCopy(to, from, size, target, source);
  }

  public static void memoryFill(int to, byte value, int size, Memory memory) {
    ((MarkedMemory) memory).set(to, value, size);
  }

  public static void memoryInit(
      int to, int offset, int size, int segment, Memory memory, Instance instance) {
    GuestSupport.memoryInit(to, offset, size, segment, memory, instance);
  }

  public static boolean exceptionMatches(WasmException thrown, int tag, Instance instance) {
    return GuestSupport.exceptionMatches(thrown, tag, instance);
  }

  public static long readGlobalOfOwner(int index, Instance instance, Memory memory) {
    GlobalInstance known = ((MarkedMemory) memory).stackOfOwner;
    return (known == null ? instance.global(index) : known).getValueLow();
  }

  public static void writeGlobalOfOwner(long value, int index, Instance instance, Memory memory) {
    GlobalInstance known = ((MarkedMemory) memory).stackOfOwner;
    (known == null ? instance.global(index) : known).setValueLow(value);
  }

  public static long readGlobalOfAll(int index, Instance instance, Memory memory) {
    GlobalInstance known = ((MarkedMemory) memory).stackOfAll;
    return (known == null ? instance.global(index) : known).getValueLow();
  }

  public static void writeGlobalOfAll(long value, int index, Instance instance, Memory memory) {
    GlobalInstance known = ((MarkedMemory) memory).stackOfAll;
    (known == null ? instance.global(index) : known).setValueLow(value);
  }

  public static TableInstance tableOfOwner(Instance instance, int index, Memory memory) {
    GuestTable known = ((MarkedMemory) memory).tableOfOwner;
    return index != 0 || known == null ? instance.table(index) : known;
  }

  public static TableInstance tableOfAll(Instance instance, int index, Memory memory) {
    GuestTable known = ((MarkedMemory) memory).tableOfAll;
    return index != 0 || known == null ? instance.table(index) : known;
  }

  public static long readGlobal(int index, Instance instance) {
    return GuestSupport.readGlobal(index, instance);
  }

  public static void tableFill(int offset, int value, int size, int table, Instance instance) {
    GuestSupport.tableFill(offset, value, size, table, instance);
  }

  public static void tableCopy(
      int to, int from, int size, int target, int source, Instance instance) {
    GuestSupport.tableCopy(to, from, size, target, source, instance);
  }

  public static void tableInit(
      int to, int from, int size, int element, int table, Instance instance) {
    GuestSupport.tableInit(to, from, size, element, table, instance);
  }

  public static WasmException exception(Instance instance, int reference) {
    return GuestSupport.exception(instance, reference);
  }

  public static int functionAt(TableInstance table, int index) {
    return ((GuestTable) table).functionAt(index);
  }

  public static @Nullable Instance foreignerAt(TableInstance table, int index) {
    return ((GuestTable) table).foreignerAt(index);
  }

  public static @Nullable Instance ownerAt(TableInstance table, int index) {
    return ((GuestTable) table).ownerAt(index);
  }

  public static long[] callIndirect(
      long[] arguments, int type, int function, Instance target, Instance caller) {
    return GuestSupport.callIndirect(arguments, type, function, target, caller);
  }

  public static CallResult callIndirectWithRefs(
      long[] arguments,
      Object[] references,
      int type,
      int function,
      Instance target,
      Instance caller) {
    return GuestSupport.callIndirectWithRefs(arguments, references, type, function, target, caller);
  }

  public static long[] resolveTailCall(Instance instance) {
    return GuestSupport.resolveTailCall(instance);
  }

  public static void setTailCallIndirect(
      long[] arguments, int index, int type, int table, Instance instance) {
    GuestSupport.setTailCallIndirect(arguments, index, type, table, instance);
  }

  public static void setTailCallIndirectWithRefs(
      long[] arguments,
      Object @Nullable [] references,
      int index,
      int type,
      int table,
      Instance instance) {
    GuestSupport.setTailCallIndirectWithRefs(arguments, references, index, type, table, instance);
  }

  public static Object[] results(Object @Nullable [] given) {
    return GuestSupport.results(given);
  }
}

package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import io.wattle.runtime.engine.endive.split.Spill;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.CallResult;
import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.OpcodeImpl;
import run.endive.runtime.TableInstance;
import run.endive.runtime.WasmException;
import run.endive.wasm.types.FunctionType;

/**
 * What generated code calls instead of Endive's helpers of the same names: checked for stop, made
 * for {@link PagedMemory}, and with unsigned 33-bit addresses. {@link GuardPass} redirects to every
 * public method here whose name and type equal one of Endive's. Public because generated classes
 * live in a package and loader of their own; no API.
 */
public final class GuestSupport {
  /** Table elements between two looks at the stop signal. */
  private static final int ELEMENTS = 1 << 16;

  /** As many as a function may have (WebAssembly JavaScript interface, 7.2). */
  private static final Object[] NO_RESULTS = new Object[1_000];

  static {
    Arrays.fill(NO_RESULTS, 0L);
  }

  private GuestSupport() {}

  // --- stop checks, put in by the pass

  /** In loops of modules that have a memory. */
  public static void check(Memory memory) {
    if (((PagedMemory) memory).stopped) {
      throw ((PagedMemory) memory).signal.trap();
    }
  }

  /** At their function entries, and before what takes long. */
  public static void checkEntry(Memory memory) {
    if (((PagedMemory) memory).stopping) {
      throw ((PagedMemory) memory).signal.trap();
    }
  }

  /** The same where there is no memory. */
  public static void check(Instance instance) {
    GuestMachine machine = machine(instance);
    StopSignal signal = machine == null ? null : machine.signal;
    if (signal != null && signal.stopped) {
      throw signal.trap();
    }
  }

  /** An instance may be older than the code that it runs. */
  static @Nullable GuestMachine machine(Instance instance) {
    return switch (instance.getMachine()) {
      case GuestMachine machine -> machine;
      case WholeInterpreter interpreter -> interpreter.improved();
      default -> null;
    };
  }

  /** The instance as we know it. */
  static GuestInstance owner(Instance instance) {
    GuestInstance owner =
        switch (instance.getMachine()) {
          case GuestMachine machine -> machine.owner();
          case WholeInterpreter interpreter -> interpreter.owner();
          default -> null;
        };
    if (owner == null) {
      throw new IllegalStateException("an instance of somebody else");
    }
    return owner;
  }

  static ObjectSpace space(Instance instance) {
    return owner(instance).space();
  }

  // --- functions that were cut

  /** Where parts of a function leave values, in modules without a memory. */
  public static Spill spill(Instance instance) {
    GuestMachine machine = machine(instance);
    if (machine == null) {
      throw new IllegalStateException("compiled code of an instance that is not compiled");
    }
    return machine.spill;
  }

  // --- memory

  private static long ea(int base, int offset) {
    return (base & 0xffff_ffffL) + (offset & 0xffff_ffffL);
  }

  public static byte memoryReadByte(int base, int offset, Memory memory) {
    return ((PagedMemory) memory).load8(ea(base, offset));
  }

  public static short memoryReadShort(int base, int offset, Memory memory) {
    return ((PagedMemory) memory).load16(ea(base, offset));
  }

  public static int memoryReadInt(int base, int offset, Memory memory) {
    return ((PagedMemory) memory).load32(ea(base, offset));
  }

  public static long memoryReadLong(int base, int offset, Memory memory) {
    return ((PagedMemory) memory).load64(ea(base, offset));
  }

  public static float memoryReadFloat(int base, int offset, Memory memory) {
    return Float.intBitsToFloat(((PagedMemory) memory).load32(ea(base, offset)));
  }

  public static double memoryReadDouble(int base, int offset, Memory memory) {
    return Double.longBitsToDouble(((PagedMemory) memory).load64(ea(base, offset)));
  }

  public static void memoryWriteByte(int base, byte value, int offset, Memory memory) {
    ((PagedMemory) memory).store8(ea(base, offset), value);
  }

  public static void memoryWriteShort(int base, short value, int offset, Memory memory) {
    ((PagedMemory) memory).store16(ea(base, offset), value);
  }

  public static void memoryWriteInt(int base, int value, int offset, Memory memory) {
    ((PagedMemory) memory).store32(ea(base, offset), value);
  }

  public static void memoryWriteLong(int base, long value, int offset, Memory memory) {
    ((PagedMemory) memory).store64(ea(base, offset), value);
  }

  public static void memoryWriteFloat(int base, float value, int offset, Memory memory) {
    ((PagedMemory) memory).store32(ea(base, offset), Float.floatToRawIntBits(value));
  }

  public static void memoryWriteDouble(int base, double value, int offset, Memory memory) {
    ((PagedMemory) memory).store64(ea(base, offset), Double.doubleToRawLongBits(value));
  }

  public static int memoryGrow(int by, Memory memory) {
    return ((GuestMemory) memory).grow(by);
  }

  public static int memoryPages(Memory memory) {
    return ((GuestMemory) memory).pages();
  }

  public static void memoryCopy(int to, int from, int size, Memory memory) {
    ((GuestMemory) memory).copy(to, from, size);
  }

  public static void memoryCopy(int to, int from, int size, Memory target, Memory source) {
    GuestMemory.copy(
        (GuestMemory) target,
        Integer.toUnsignedLong(to),
        (GuestMemory) source,
        Integer.toUnsignedLong(from),
        Integer.toUnsignedLong(size));
  }

  public static void memoryFill(int to, byte value, int size, Memory memory) {
    ((GuestMemory) memory).fill(Integer.toUnsignedLong(to), value, Integer.toUnsignedLong(size));
  }

  /** With the instance whose segments are meant: a memory may be another instance's. */
  public static void memoryInit(
      int to, int offset, int size, int segment, Memory memory, Instance instance) {
    byte[] bytes =
        instance.getMachine() instanceof GuestMachine machine
            ? machine.segment(segment)
            : instance.dataSegmentData(segment);
    ((GuestMemory) memory).init(bytes, to, offset, size);
  }

  // --- exceptions

  /** Whether a tag is the one that was thrown: the same, not only one of the same type. */
  @SuppressWarnings("ReferenceEquality")
  public static boolean exceptionMatches(WasmException thrown, int tag, Instance instance) {
    return thrown.instance().tag(thrown.tagIdx()) == instance.tag(tag);
  }

  // --- globals

  public static long readGlobalOfOwner(int index, Instance instance, Memory memory) {
    GlobalInstance known = ((PagedMemory) memory).stackOfOwner;
    return (known == null ? instance.global(index) : known).getValueLow();
  }

  public static void writeGlobalOfOwner(long value, int index, Instance instance, Memory memory) {
    GlobalInstance known = ((PagedMemory) memory).stackOfOwner;
    (known == null ? instance.global(index) : known).setValueLow(value);
  }

  public static long readGlobalOfAll(int index, Instance instance, Memory memory) {
    GlobalInstance known = ((PagedMemory) memory).stackOfAll;
    return (known == null ? instance.global(index) : known).getValueLow();
  }

  public static void writeGlobalOfAll(long value, int index, Instance instance, Memory memory) {
    GlobalInstance known = ((PagedMemory) memory).stackOfAll;
    (known == null ? instance.global(index) : known).setValueLow(value);
  }

  public static TableInstance tableOfOwner(Instance instance, int index, Memory memory) {
    GuestTable known = ((PagedMemory) memory).tableOfOwner;
    return index != 0 || known == null ? instance.table(index) : known;
  }

  public static TableInstance tableOfAll(Instance instance, int index, Memory memory) {
    GuestTable known = ((PagedMemory) memory).tableOfAll;
    return index != 0 || known == null ? instance.table(index) : known;
  }

  public static long readGlobal(int index, Instance instance) {
    return instance.global(index).getValueLow();
  }

  // --- tables, in chunks

  public static void tableFill(int offset, int value, int size, int table, Instance instance) {
    requireElements(offset, size, instance.table(table).size());
    for (long done = 0; done < Integer.toUnsignedLong(size); done += ELEMENTS) {
      check(instance);
      int count = (int) Math.min(ELEMENTS, Integer.toUnsignedLong(size) - done);
      ((GuestTable) instance.table(table)).fill(offset + (int) done, count, value);
    }
  }

  public static void tableCopy(
      int to, int from, int size, int target, int source, Instance instance) {
    requireElements(to, size, instance.table(target).size());
    requireElements(from, size, instance.table(source).size());
    int done = 0;
    while (done < size) {
      check(instance);
      int count = Math.min(ELEMENTS, size - done);
      int at = to <= from ? done : size - done - count;
      ((GuestTable) instance.table(target))
          .copy(to + at, (GuestTable) instance.table(source), from + at, count);
      done += count;
    }
  }

  public static void tableInit(
      int to, int from, int size, int element, int table, Instance instance) {
    check(instance);
    GuestInstance owner = owner(instance);
    if (owner.module.hasObjects()
        && owner.space().initializeTable(instance, table, element, to, from, size)) {
      return;
    }
    if (owner.module.elements[element].type().isObjectRef()) {
      OpcodeImpl.TABLE_INIT(instance, table, element, size, from, to);
    } else {
      ObjectSpace.initializeTable(owner, table, element, to, from, size);
    }
  }

  private static void requireElements(int offset, int size, int length) {
    if (Integer.toUnsignedLong(offset) + Integer.toUnsignedLong(size) > length) {
      throw new TrapException(Kind.TRAP, "out of bounds table access");
    }
  }

  /** What a reference is thrown again for. */
  public static WasmException exception(Instance instance, int reference) {
    WasmException exception = instance.exn(reference);
    if (exception == null) {
      throw new TrapException(Kind.TRAP, "null reference");
    }
    return exception;
  }

  // --- indirect calls

  /** The function of an element. */
  public static int functionAt(TableInstance table, int index) {
    return ((GuestTable) table).functionAt(index);
  }

  /** Its instance, null when that is the one that defines the table. */
  public static @Nullable Instance foreignerAt(TableInstance table, int index) {
    return ((GuestTable) table).foreignerAt(index);
  }

  /** Its instance, null when it is not known. */
  public static @Nullable Instance ownerAt(TableInstance table, int index) {
    return ((GuestTable) table).ownerAt(index);
  }

  // --- calls into other instances: the types of two modules have different numbers

  public static long[] callIndirect(
      long[] arguments, int type, int function, Instance target, Instance caller) {
    requireType(type, function, target, caller);
    return target.getMachine().call(function, arguments);
  }

  public static CallResult callIndirectWithRefs(
      long[] arguments,
      Object[] references,
      int type,
      int function,
      Instance target,
      Instance caller) {
    requireType(type, function, target, caller);
    return target.getMachine().callWithRefs(function, arguments, references);
  }

  // --- tail calls

  /** With the host references among the arguments. */
  public static long[] resolveTailCall(Instance instance) {
    int function = instance.tailCallFuncId();
    long[] arguments = instance.tailCallArgs();
    Object[] references = instance.tailCallRefArgs();
    instance.clearTailCall();
    return instance.getMachine().call(function, arguments, references);
  }

  /** Into other instances too. */
  public static void setTailCallIndirect(
      long[] arguments, int index, int type, int table, Instance instance) {
    setTailCallIndirectWithRefs(arguments, null, index, type, table, instance);
  }

  /** The same with host references. */
  @SuppressWarnings("ReferenceEquality") // instances are compared by identity
  public static void setTailCallIndirectWithRefs(
      long[] arguments,
      Object @Nullable [] references,
      int index,
      int type,
      int table,
      Instance instance) {
    GuestTable of = (GuestTable) instance.table(table);
    int function = of.requiredRef(index);
    Instance target = of.instance(index);
    if (target == null || target == instance) {
      WholeInterpreter.requireOwnType(type, function, instance);
      instance.setTailCall(function, arguments, references);
    } else {
      requireType(type, function, target, instance);
      TailCallingMachine.leave(instance, target, function, arguments, references);
    }
  }

  /**
   * What a function gave whose results are several and host references among them: nothing, if a
   * tail call is to be made first, but generated code looks for values all the same.
   */
  public static Object[] results(Object @Nullable [] given) {
    return given == null ? NO_RESULTS.clone() : given;
  }

  static void requireType(int type, int function, Instance target, Instance caller) {
    FunctionType expected = caller.type(type);
    FunctionType actual = target.type(target.functionType(function));
    EndiveModule wanted = owner(caller).module;
    EndiveModule given = owner(target).module;
    boolean fits =
        (wanted.hasPlainTypes() && given.hasPlainTypes())
            ? Objects.equals(expected, actual)
            : given.heapTypes().isSubtype(target.functionType(function), wanted.heapTypes(), type);
    if (!fits) {
      throw new TrapException(
          Kind.TRAP,
          "indirect call type mismatch (expected: " + expected + ", got: " + actual + ")");
    }
  }
}

package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.WasmI31Ref;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.Element;
import run.endive.wasm.types.PassiveElement;
import run.endive.wasm.types.ValType.TypeIdxCode;
import run.endive.wasm.types.Value;

/**
 * What an instance's instructions do with structures and arrays (core specification, 4.6.5
 * "aggregate instructions"): the same for compiled and for interpreted code. Whatever is made is
 * charged first, and what an object is comes from the object: code that was given another one than
 * its type says, which linking and casts are there to prevent, traps.
 */
final class ObjectSpace {
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  final ObjectHeap heap;
  private final GuestInstance owner;
  private final EndiveModule module;
  private final HeapTypes types;
  private final DataSegment[] data;

  /** Of segments of references to objects what they have; null for others. */
  private final @Nullable Object[] @Nullable [] elements;

  ObjectSpace(GuestInstance owner, ObjectHeap heap, DataSegment[] data) {
    this.owner = owner;
    this.heap = heap;
    this.module = owner.module;
    this.types = module.heapTypes();
    this.data = data;
    this.elements = new Object[module.elements.length][];
  }

  ObjectType type(int index) {
    return types.object(index);
  }

  // --- structures

  GuestStruct structure(int type, long[] values, @Nullable Object @Nullable [] objects) {
    ObjectType of = types.object(type);
    ObjectHeap.Chunk chunk = heap.charge(of.bytes());
    long[] numbers = new long[of.numbers];
    @Nullable Object[] references = new Object[of.references];
    for (int i = 0; i < of.kinds.length; i++) {
      ObjectType.Kind kind = of.kinds[i];
      if (kind == ObjectType.Kind.REFERENCE) {
        references[~of.slots[i]] = objects == null ? null : objects[i];
      } else {
        numbers[of.slots[i]] = ObjectType.packed(kind, values[i]);
      }
    }
    return new GuestStruct(of, numbers, references, chunk);
  }

  GuestStruct structure(int type) {
    ObjectType of = types.object(type);
    ObjectHeap.Chunk chunk = heap.charge(of.bytes());
    return new GuestStruct(of, of.defaults(), new Object[of.references], chunk);
  }

  // --- arrays

  /** An array of zeros or null references to objects. */
  GuestArray array(int type, int length) {
    ObjectType of = types.object(type);
    long count = Integer.toUnsignedLong(length);
    ObjectHeap.Chunk chunk = heap.charge(of.bytes(count));
    if (count > LONGEST) {
      throw new TrapException(
          Kind.LIMIT, "an array of " + count + " elements (expected: <= " + LONGEST + ")");
    }
    return new GuestArray(of, length, chunk);
  }

  GuestArray array(int type, int length, long value, @Nullable Object ref) {
    GuestArray made = array(type, length);
    if (made.type.kinds[0] == ObjectType.Kind.REFERENCE) {
      if (ref != null) {
        Arrays.fill(made.references(), ref);
      }
    } else if (value != 0) {
      made.fill(0, length, value);
    }
    return made;
  }

  GuestArray defaultArray(int type, int length) {
    return array(type, length, types.object(type).defaultOf(0), null);
  }

  GuestArray array(int type, long[] values) {
    GuestArray made = array(type, values.length);
    for (int i = 0; i < values.length; i++) {
      made.set(i, values[i]);
    }
    return made;
  }

  GuestArray array(int type, @Nullable Object[] values) {
    GuestArray made = array(type, values.length);
    System.arraycopy(values, 0, made.references(), 0, values.length);
    return made;
  }

  GuestArray arrayOfData(int type, int segment, int from, int count) {
    byte[] bytes = module.bytesOf(segment, data[segment]);
    requireBytes(types.object(type), bytes, from, count);
    GuestArray made = array(type, count);
    made.read(0, bytes, from, count);
    return made;
  }

  GuestArray arrayOfElements(Instance self, int type, int segment, int from, int count) {
    requireElements(self, segment, from, count);
    GuestArray made = array(type, count);
    initialize(self, made, 0, segment, from, count);
    return made;
  }

  static GuestArray array(@Nullable Object ref) {
    if (ref instanceof GuestArray array) {
      return array;
    }
    throw trap(ref == null ? "null array reference" : "cast failure: no array");
  }

  /** The array, if it has that element. */
  static GuestArray array(@Nullable Object ref, int at) {
    GuestArray array = array(ref);
    if (at < 0 || at >= array.length) {
      throw trap("out of bounds array access");
    }
    return array;
  }

  private static GuestArray array(@Nullable Object ref, int at, int count) {
    GuestArray array = array(ref);
    if (Integer.toUnsignedLong(at) + Integer.toUnsignedLong(count) > array.length) {
      throw trap("out of bounds array access");
    }
    return array;
  }

  static void fill(@Nullable Object ref, int at, int count, long value, @Nullable Object object) {
    GuestArray array = array(ref, at, count);
    if (array.type.kinds[0] == ObjectType.Kind.REFERENCE) {
      Arrays.fill(array.references(), at, at + count, object);
    } else {
      array.fill(at, at + count, value);
    }
  }

  static void copy(@Nullable Object to, int at, @Nullable Object from, int start, int count) {
    if (to == null || from == null) {
      throw trap("null array reference");
    }
    GuestArray target = array(to, at, count);
    target.copy(at, array(from, start, count), start, count);
  }

  void initializeFromData(@Nullable Object ref, int at, int segment, int from, int count) {
    GuestArray array = array(ref, at, count);
    byte[] bytes = module.bytesOf(segment, data[segment]);
    requireBytes(array.type, bytes, from, count);
    array.read(at, bytes, from, count);
  }

  void initializeFromElements(
      Instance self, @Nullable Object ref, int at, int segment, int from, int count) {
    GuestArray array = array(ref, at, count);
    requireElements(self, segment, from, count);
    initialize(self, array, at, segment, from, count);
  }

  private static void requireBytes(ObjectType type, byte[] bytes, int from, int count) {
    long size = Integer.toUnsignedLong(count) * type.kinds[0].bytes;
    if (Integer.toUnsignedLong(from) + size > bytes.length) {
      throw trap("out of bounds memory access");
    }
  }

  // --- element segments

  @Nullable Object @Nullable [] elements(int segment) {
    return elements[segment];
  }

  void setElements(int segment, @Nullable Object[] values) {
    elements[segment] = values;
  }

  private static void requireElements(Instance self, int segment, int from, int count) {
    Element element = self.element(segment);
    int length = element instanceof PassiveElement ? element.elementCount() : 0;
    if (Integer.toUnsignedLong(from) + Integer.toUnsignedLong(count) > length) {
      throw trap("out of bounds table access");
    }
  }

  private void initialize(
      Instance self, GuestArray array, int at, int segment, int from, int count) {
    @Nullable Object[] values = elements[segment];
    if (values != null) {
      System.arraycopy(values, from, array.references(), at, count);
      return;
    }
    Initializer constants = new Initializer(owner);
    for (int i = 0; i < count; i++) {
      array.set(at + i, constants.reference(self.element(segment).initializers().get(from + i)));
    }
  }

  /** {@code table.init} of references that are numbers, such as those to functions. */
  static void initializeTable(
      GuestInstance owner, int table, int segment, int to, int from, int count) {
    Instance self = owner.instance;
    GuestTable target = (GuestTable) self.table(table);
    requireRoom(target, to, count);
    requireElements(self, segment, from, count);
    Initializer constants = new Initializer(owner);
    for (int i = 0; i < count; i++) {
      target.setRef(
          to + i, constants.reference(self.element(segment).initializers().get(from + i)), self);
    }
  }

  private static void requireRoom(GuestTable target, int to, int count) {
    if (Integer.toUnsignedLong(to) + Integer.toUnsignedLong(count) > target.size()) {
      throw trap("out of bounds table access");
    }
  }

  /** {@code table.init} of references to objects; says whether the segment has such. */
  boolean initializeTable(Instance self, int table, int segment, int to, int from, int count) {
    @Nullable Object[] values = elements[segment];
    if (values == null) {
      return false;
    }
    GuestTable target = (GuestTable) self.table(table);
    requireRoom(target, to, count);
    requireElements(self, segment, from, count);
    for (int i = 0; i < count; i++) {
      target.setObjRef(to + i, values[from + i], self);
    }
    return true;
  }

  // --- casts

  /** Whether a reference to an object is of a type (core specification, 4.2.17). */
  boolean matches(@Nullable Object ref, boolean nullable, int heapType) {
    if (ref == null) {
      return nullable;
    }
    if (heapType >= 0) {
      ObjectType type =
          switch (ref) {
            case GuestStruct structure -> structure.type;
            case GuestArray array -> array.type;
            default -> null;
          };
      return type != null && type.types.isSubtype(type.index, types, heapType);
    }
    if (heapType == TypeIdxCode.ANY.code() || heapType == TypeIdxCode.EXTERN.code()) {
      return true;
    }
    boolean isStruct = ref instanceof GuestStruct;
    boolean isArray = ref instanceof GuestArray;
    boolean isNumber = ref instanceof WasmI31Ref;
    return (heapType == TypeIdxCode.EQ.code() && (isStruct || isArray || isNumber))
        || (heapType == TypeIdxCode.STRUCT.code() && isStruct)
        || (heapType == TypeIdxCode.ARRAY.code() && isArray)
        || (heapType == TypeIdxCode.I31.code() && isNumber);
  }

  /** The same for a reference to a function, which is its number. */
  boolean matches(int function, boolean nullable, int heapType) {
    if (function == Value.REF_NULL_VALUE) {
      return nullable;
    }
    if (heapType >= 0) {
      Roster roster = owner.roster();
      long element = roster.element(function);
      EndiveModule of = GuestSupport.owner(Objects.requireNonNull(roster.instance(element))).module;
      return of.heapTypes().isSubtype(of.functionTypes[Roster.index(element)], types, heapType);
    }
    return heapType == TypeIdxCode.FUNC.code() || heapType == TypeIdxCode.EXN.code();
  }

  static TrapException castFailure() {
    return trap("cast failure");
  }

  static int value(@Nullable Object ref) {
    if (ref instanceof WasmI31Ref number) {
      return number.value();
    }
    throw trap(ref == null ? "null i31 reference" : "cast failure: no i31");
  }

  static TrapException trap(String why) {
    return new TrapException(Kind.TRAP, why);
  }
}

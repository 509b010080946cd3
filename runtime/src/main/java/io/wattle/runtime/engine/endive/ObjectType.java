package io.wattle.runtime.engine.endive;

import java.util.Arrays;
import run.endive.wasm.types.CompType;
import run.endive.wasm.types.FieldType;
import run.endive.wasm.types.StorageType;
import run.endive.wasm.types.ValType;
import run.endive.wasm.types.Value;

/**
 * A struct or array type: where its fields are in an object, and how many bytes of the host's heap
 * one takes at most.
 */
final class ObjectType {
  /** Of the object and of each array in it, with what Java adds to reach a multiple of eight. */
  private static final int OBJECT_BYTES = 32;

  private static final int ARRAY_BYTES = 24;

  /** Java's references take four bytes where its heap is smaller than that. */
  private static final int REFERENCE_BYTES = Runtime.getRuntime().maxMemory() < 32L << 30 ? 4 : 8;

  /** A number of 31 bits is an object of Java, which a field may be all that refers to. */
  private static final int I31_BYTES = 16;

  /** How a field's values are held. */
  enum Kind {
    I8(1),
    I16(2),
    I32(4),
    I64(8),
    REFERENCE(REFERENCE_BYTES);

    final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }
  }

  final HeapTypes types;
  final int index;
  final boolean isArray;

  /** Of each field; an array type has one. */
  final Kind[] kinds;

  /** Of each field, its place among the numbers, or ~ of that among the references. */
  final int[] slots;

  final int numbers;
  final int references;
  private final boolean[] nullNumbers;
  private final long structBytes;
  private final int elementBytes;

  ObjectType(HeapTypes types, int index, CompType type) {
    this.types = types;
    this.index = index;
    this.isArray = type.arrayType() != null;
    FieldType[] fields =
        isArray ? new FieldType[] {type.arrayType().fieldType()} : type.structType().fieldTypes();
    kinds = new Kind[fields.length];
    slots = new int[fields.length];
    nullNumbers = new boolean[fields.length];
    int longs = 0;
    int refs = 0;
    long extra = 0;
    for (int i = 0; i < fields.length; i++) {
      StorageType storage = fields[i].storageType();
      kinds[i] = kind(storage);
      boolean isReference = kinds[i] == Kind.REFERENCE;
      slots[i] = isReference ? ~refs++ : longs++;
      nullNumbers[i] = !isReference && storage.isReference();
      extra += isReference && mayBeI31(storage.valType()) ? I31_BYTES : 0;
    }
    numbers = longs;
    references = refs;
    elementBytes = isArray ? (int) (kinds[0].bytes + extra) : 0;
    structBytes =
        OBJECT_BYTES
            + (longs == 0 ? 0 : ARRAY_BYTES + 8L * longs)
            + (refs == 0 ? 0 : ARRAY_BYTES + (long) REFERENCE_BYTES * refs)
            + extra;
  }

  private static Kind kind(StorageType storage) {
    if (storage.packedType() != null) {
      return switch (storage.packedType()) {
        case I8 -> Kind.I8;
        case I16 -> Kind.I16;
      };
    }
    ValType type = storage.valType();
    if (type.isObjectRef()) {
      return Kind.REFERENCE;
    }
    boolean isLong = type.equals(ValType.I64) || type.equals(ValType.F64);
    return isLong ? Kind.I64 : Kind.I32;
  }

  private static boolean mayBeI31(ValType type) {
    int heap = type.typeIdx();
    return heap == ValType.TypeIdxCode.ANY.code()
        || heap == ValType.TypeIdxCode.EQ.code()
        || heap == ValType.TypeIdxCode.I31.code()
        || heap == ValType.TypeIdxCode.EXTERN.code();
  }

  /** What a structure takes. */
  long bytes() {
    return structBytes;
  }

  /** What an array of so many elements takes. */
  long bytes(long length) {
    return OBJECT_BYTES + ARRAY_BYTES + elementBytes * length;
  }

  /** Whether a field that is a number stands for a reference to a function or an exception. */
  long defaultOf(int field) {
    return nullNumbers[field] ? Value.REF_NULL_VALUE : 0;
  }

  /** Numbers of a structure whose fields have their default values. */
  long[] defaults() {
    long[] given = new long[numbers];
    for (int i = 0; i < kinds.length; i++) {
      if (nullNumbers[i]) {
        given[slots[i]] = Value.REF_NULL_VALUE;
      }
    }
    return given;
  }

  /** A number as a packed field holds it. */
  static long packed(Kind kind, long value) {
    return switch (kind) {
      case I8 -> value & 0xff;
      case I16 -> value & 0xffff;
      case I32, I64, REFERENCE -> value;
    };
  }

  /** What {@code get_s} makes of it. */
  static long signed(Kind kind, long value) {
    return switch (kind) {
      case I8 -> (byte) value;
      case I16 -> (short) value;
      case I32, I64, REFERENCE -> value;
    };
  }

  @Override
  public String toString() {
    return (isArray ? "array " : "structure ") + Arrays.toString(kinds);
  }
}

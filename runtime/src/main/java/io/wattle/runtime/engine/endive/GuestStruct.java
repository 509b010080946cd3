package io.wattle.runtime.engine.endive;

import org.jspecify.annotations.Nullable;

/**
 * A structure of a guest: fields that are numbers or refer to functions, floats by their bits, and
 * those that refer to objects. What was charged for it comes back when its chunk is gone.
 */
final class GuestStruct {
  final ObjectType type;
  final long[] numbers;
  final @Nullable Object[] references;

  /** Nobody reads it: that it is referred to matters. */
  final ObjectHeap.Chunk chunk;

  GuestStruct(
      ObjectType type, long[] numbers, @Nullable Object[] references, ObjectHeap.Chunk chunk) {
    this.type = type;
    this.numbers = numbers;
    this.references = references;
    this.chunk = chunk;
  }

  private static GuestStruct of(@Nullable Object ref) {
    if (ref instanceof GuestStruct structure) {
      return structure;
    }
    throw ObjectSpace.trap(ref == null ? "null structure reference" : "cast failure: no structure");
  }

  /** A field that is a number, without its sign where it is packed. */
  static long number(@Nullable Object ref, int field) {
    GuestStruct here = of(ref);
    try {
      return here.numbers[here.type.slots[field]];
    } catch (IndexOutOfBoundsException e) {
      throw ObjectSpace.castFailure();
    }
  }

  static long signed(@Nullable Object ref, int field) {
    long value = number(ref, field);
    return ObjectType.signed(of(ref).type.kinds[field], value);
  }

  static void set(@Nullable Object ref, int field, long value) {
    GuestStruct here = of(ref);
    try {
      here.numbers[here.type.slots[field]] = ObjectType.packed(here.type.kinds[field], value);
    } catch (IndexOutOfBoundsException e) {
      throw ObjectSpace.castFailure();
    }
  }

  static @Nullable Object reference(@Nullable Object ref, int field) {
    GuestStruct here = of(ref);
    try {
      return here.references[~here.type.slots[field]];
    } catch (IndexOutOfBoundsException e) {
      throw ObjectSpace.castFailure();
    }
  }

  static void setReference(@Nullable Object ref, int field, @Nullable Object value) {
    GuestStruct here = of(ref);
    try {
      here.references[~here.type.slots[field]] = value;
    } catch (IndexOutOfBoundsException e) {
      throw ObjectSpace.castFailure();
    }
  }
}

package io.wattle.runtime.engine.endive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An array of a guest, as narrow as its elements. What was charged for it comes back when its chunk
 * is gone. No method checks bounds that Java does not check.
 */
final class GuestArray {
  final ObjectType type;
  final int length;
  private final Object elements;

  /** Nobody reads it: that it is referred to matters. */
  final ObjectHeap.Chunk chunk;

  GuestArray(ObjectType type, int length, ObjectHeap.Chunk chunk) {
    this.type = type;
    this.length = length;
    this.chunk = chunk;
    this.elements =
        switch (type.kinds[0]) {
          case I8 -> new byte[length];
          case I16 -> new short[length];
          case I32 -> new int[length];
          case I64 -> new long[length];
          case REFERENCE -> new Object[length];
        };
  }

  /** A number, sign-extended. */
  long get(int at) {
    return switch (type.kinds[0]) {
      case I8 -> ((byte[]) elements)[at];
      case I16 -> ((short[]) elements)[at];
      case I32 -> ((int[]) elements)[at];
      case I64 -> ((long[]) elements)[at];
      case REFERENCE -> throw ObjectSpace.castFailure();
    };
  }

  void set(int at, long value) {
    switch (type.kinds[0]) {
      case I8 -> ((byte[]) elements)[at] = (byte) value;
      case I16 -> ((short[]) elements)[at] = (short) value;
      case I32 -> ((int[]) elements)[at] = (int) value;
      case I64 -> ((long[]) elements)[at] = value;
      case REFERENCE -> throw ObjectSpace.castFailure();
    }
  }

  @Nullable Object[] references() {
    if (elements instanceof Object[] references) {
      return references;
    }
    throw ObjectSpace.castFailure();
  }

  void fill(int from, int to, long value) {
    switch (type.kinds[0]) {
      case I8 -> Arrays.fill((byte[]) elements, from, to, (byte) value);
      case I16 -> Arrays.fill((short[]) elements, from, to, (short) value);
      case I32 -> Arrays.fill((int[]) elements, from, to, (int) value);
      case I64 -> Arrays.fill((long[]) elements, from, to, value);
      case REFERENCE -> throw ObjectSpace.castFailure();
    }
  }

  /** Elements of another, or of this one, of the same kind. */
  @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays, of one kind
  void copy(int to, GuestArray source, int from, int count) {
    if (source.type.kinds[0] != type.kinds[0]) {
      throw ObjectSpace.castFailure();
    }
    System.arraycopy(source.elements, from, elements, to, count);
  }

  /** Numbers from a data segment, in little-endian order. */
  void read(int to, byte[] bytes, int from, int count) {
    ByteBuffer in =
        ByteBuffer.wrap(bytes, from, count * type.kinds[0].bytes).order(ByteOrder.LITTLE_ENDIAN);
    switch (type.kinds[0]) {
      case I8 -> in.get((byte[]) elements, to, count);
      case I16 -> in.asShortBuffer().get((short[]) elements, to, count);
      case I32 -> in.asIntBuffer().get((int[]) elements, to, count);
      case I64 -> in.asLongBuffer().get((long[]) elements, to, count);
      case REFERENCE -> throw ObjectSpace.castFailure();
    }
  }
}

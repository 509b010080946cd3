package io.wattle.runtime.instance;

import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plain objects as {@link io.wattle.runtime.host.HostFunction} has them, to and from values. */
final class HostObjects {
  private HostObjects() {}

  static Object read(ValueType type, ValueSource from) {
    return switch (type) {
      case ValueType.Primitive p -> primitive(p, from);
      case ValueType.ListType t -> {
        if (t.element() == ValueType.Primitive.U8) {
          yield from.bytes();
        }
        yield list(t.element(), from.list(), from);
      }
      case ValueType.FixedListType t -> list(t.element(), t.length(), from);
      case ValueType.RecordType t -> {
        Object[] fields = new Object[t.fields().size()];
        for (int i = 0; i < fields.length; i++) {
          fields[i] = read(t.fields().get(i).type(), from);
        }
        yield fields;
      }
      case ValueType.TupleType t -> {
        Object[] elements = new Object[t.elements().size()];
        for (int i = 0; i < elements.length; i++) {
          elements[i] = read(t.elements().get(i), from);
        }
        yield elements;
      }
      case ValueType.VariantType t -> {
        int index = from.variant(t.cases().size());
        yield new Variant(index, optional(t.cases().get(index).payload(), from));
      }
      case ValueType.EnumType t -> from.variant(t.names().size());
      case ValueType.FlagsType t -> {
        int count = t.names().size();
        long bits = 0;
        int[] words = from.flags(count);
        for (int i = 0; i < Math.min(words.length, 2); i++) {
          bits |= Integer.toUnsignedLong(words[i]) << (32 * i);
        }
        yield bits;
      }
      case ValueType.OptionType t ->
          from.option() ? Optional.of(read(t.some(), from)) : Optional.empty();
      case ValueType.ResultType t -> {
        boolean ok = from.result();
        yield new Result(ok, optional(ok ? t.ok() : t.err(), from));
      }
      case ValueType.OwnType t -> from.handle(t.resource());
      case ValueType.BorrowType t -> from.handle(t.resource());
      case ValueType.StreamType t -> throw noHost(type);
      case ValueType.FutureType t -> throw noHost(type);
    };
  }

  private static @Nullable Object optional(@Nullable ValueType type, ValueSource from) {
    return type == null ? null : read(type, from);
  }

  private static List<Object> list(ValueType element, int count, ValueSource from) {
    List<Object> list = new ArrayList<>(Math.min(count, 1 << 16));
    for (int i = 0; i < count; i++) {
      list.add(read(element, from));
    }
    return list;
  }

  private static Object primitive(ValueType.Primitive type, ValueSource from) {
    return switch (type) {
      case BOOL -> from.bool();
      case S8 -> from.s8();
      case U8 -> from.u8();
      case S16 -> from.s16();
      case U16 -> from.u16();
      case S32 -> from.s32();
      case U32 -> Integer.toUnsignedLong(from.u32());
      case S64 -> from.s64();
      case U64 -> from.u64();
      case F32 -> from.f32();
      case F64 -> from.f64();
      case CHAR -> from.character();
      case STRING -> from.string();
      case ERROR_CONTEXT -> throw noHost(type);
    };
  }

  /**
   * Writes an object as a value.
   *
   * @throws IllegalArgumentException when it does not fit the type
   */
  static void write(ValueType type, @Nullable Object value, ValueSink to) {
    switch (type) {
      case ValueType.Primitive p -> primitive(p, value, to);
      case ValueType.ListType t -> {
        if (t.element() == ValueType.Primitive.U8) {
          byte[] data = as(byte[].class, value, type);
          to.bytes(data, 0, data.length);
        } else {
          List<?> list = as(List.class, value, type);
          to.list(list.size());
          list.forEach(e -> write(t.element(), e, to));
        }
      }
      case ValueType.FixedListType t -> {
        List<?> list = as(List.class, value, type);
        size(t.length(), list.size(), type);
        list.forEach(e -> write(t.element(), e, to));
      }
      case ValueType.RecordType t -> {
        Object[] fields = as(Object[].class, value, type);
        size(t.fields().size(), fields.length, type);
        for (int i = 0; i < fields.length; i++) {
          write(t.fields().get(i).type(), fields[i], to);
        }
      }
      case ValueType.TupleType t -> {
        Object[] elements = as(Object[].class, value, type);
        size(t.elements().size(), elements.length, type);
        for (int i = 0; i < elements.length; i++) {
          write(t.elements().get(i), elements[i], to);
        }
      }
      case ValueType.VariantType t -> {
        Variant variant = as(Variant.class, value, type);
        index(variant.index(), t.cases().size(), type);
        to.variant(variant.index());
        optional(t.cases().get(variant.index()).payload(), variant.payload(), to);
      }
      case ValueType.EnumType t -> {
        int index = as(Integer.class, value, type);
        index(index, t.names().size(), type);
        to.variant(index);
      }
      case ValueType.FlagsType t -> {
        long bits = as(Long.class, value, type);
        int count = t.names().size();
        if (count < Long.SIZE && bits >>> count != 0) {
          throw new IllegalArgumentException(
              "flags: 0x"
                  + Long.toHexString(bits)
                  + " (expected: no bit after the first "
                  + count
                  + ")");
        }
        to.flags(new int[] {(int) bits, (int) (bits >>> 32)}, count);
      }
      case ValueType.OptionType t -> {
        Optional<?> option = as(Optional.class, value, type);
        to.option(option.isPresent());
        if (option.isPresent()) {
          write(t.some(), option.get(), to);
        }
      }
      case ValueType.ResultType t -> {
        Result result = as(Result.class, value, type);
        to.result(result.isOk());
        optional(result.isOk() ? t.ok() : t.err(), result.payload(), to);
      }
      case ValueType.OwnType t -> to.handle(t.resource(), as(Object.class, value, type));
      case ValueType.BorrowType t -> to.handle(t.resource(), as(Object.class, value, type));
      case ValueType.StreamType t -> throw noHost(type);
      case ValueType.FutureType t -> throw noHost(type);
    }
  }

  private static void optional(@Nullable ValueType type, @Nullable Object value, ValueSink to) {
    if (type != null) {
      write(type, value, to);
    }
  }

  private static void primitive(ValueType.Primitive type, @Nullable Object value, ValueSink to) {
    switch (type) {
      case BOOL -> to.bool(as(Boolean.class, value, type));
      case S8 -> to.s8((byte) integer(value, type, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case U8 -> to.u8(integer(value, type, 0, 0xff));
      case S16 -> to.s16((short) integer(value, type, Short.MIN_VALUE, Short.MAX_VALUE));
      case U16 -> to.u16(integer(value, type, 0, 0xffff));
      case S32 -> to.s32(integer(value, type));
      case U32 -> to.u32((int) within(as(Long.class, value, type), type, 0, 0xffff_ffffL));
      case S64 -> to.s64(as(Long.class, value, type));
      case U64 -> to.u64(as(Long.class, value, type));
      case F32 -> to.f32(as(Float.class, value, type));
      case F64 -> to.f64(as(Double.class, value, type));
      case CHAR -> {
        int codePoint = integer(value, type);
        boolean scalar =
            Character.isValidCodePoint(codePoint) && (codePoint < 0xd800 || codePoint > 0xdfff);
        if (!scalar) {
          throw new IllegalArgumentException(
              "char: " + codePoint + " (expected: a Unicode scalar value)");
        }
        to.character(codePoint);
      }
      case STRING -> to.string(as(String.class, value, type));
      case ERROR_CONTEXT -> throw noHost(type);
    }
  }

  private static IllegalArgumentException noHost(ValueType type) {
    return new IllegalArgumentException(
        "a value of type " + type + ": only guests of one component can pass these on yet");
  }

  private static int integer(@Nullable Object value, ValueType type) {
    return as(Integer.class, value, type);
  }

  private static int integer(@Nullable Object value, ValueType type, int least, int most) {
    return (int) within(integer(value, type), type, least, most);
  }

  /** A number that was cut off would be another one, and nobody would know. */
  private static long within(long value, ValueType type, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "a value of type " + type + ": " + value + " (expected: " + least + " to " + most + ")");
    }
    return value;
  }

  private static <T> T as(Class<T> wanted, @Nullable Object value, ValueType type) {
    if (!wanted.isInstance(value)) {
      throw new IllegalArgumentException(
          "a value of type "
              + type
              + ": got "
              + (value == null ? "null" : value.getClass().getSimpleName())
              + " (expected: "
              + wanted.getSimpleName()
              + ")");
    }
    return wanted.cast(value);
  }

  private static void size(int expected, int got, ValueType type) {
    if (expected != got) {
      throw new IllegalArgumentException(
          "a value of type " + type + ": got " + got + " parts (expected: " + expected + ")");
    }
  }

  private static void index(int index, int cases, ValueType type) {
    if (index < 0 || index >= cases) {
      throw new IllegalArgumentException(
          "a value of type " + type + ": case " + index + " (expected: less than " + cases + ")");
    }
  }
}

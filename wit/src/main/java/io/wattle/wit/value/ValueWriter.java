package io.wattle.wit.value;

import io.wattle.wit.type.ValueType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes trees as values. */
public final class ValueWriter {
  private ValueWriter() {}

  /**
   * Writes a value.
   *
   * @throws MalformedValueException when the tree does not fit the type
   */
  public static void write(ValueType type, Value value, ValueSink to) {
    switch (type) {
      case ValueType.Primitive p -> primitive(p, value, to);
      case ValueType.ListType t -> {
        List<Value> parts = as(Value.Parts.class, value, "a list").parts();
        if (t.element() == ValueType.Primitive.U8) {
          byte[] data = new byte[parts.size()];
          for (int i = 0; i < data.length; i++) {
            data[i] = (byte) integer(ValueType.Primitive.U8, parts.get(i));
          }
          to.bytes(data, 0, data.length);
        } else {
          to.list(parts.size());
          parts.forEach(part -> write(t.element(), part, to));
        }
      }
      case ValueType.FixedListType t -> {
        List<Value> parts = parts(value, t.length(), "a list");
        parts.forEach(part -> write(t.element(), part, to));
      }
      case ValueType.RecordType t -> {
        List<Value> parts = parts(value, t.fields().size(), "a record");
        for (int i = 0; i < parts.size(); i++) {
          write(t.fields().get(i).type(), parts.get(i), to);
        }
      }
      case ValueType.TupleType t -> {
        List<Value> parts = parts(value, t.elements().size(), "a tuple");
        for (int i = 0; i < parts.size(); i++) {
          write(t.elements().get(i), parts.get(i), to);
        }
      }
      case ValueType.VariantType t -> {
        Value.CaseOf chosen = chosen(value, t.cases().size(), "a variant");
        to.variant(chosen.index());
        payload(t.cases().get(chosen.index()).payload(), chosen.payload(), to);
      }
      case ValueType.EnumType t -> to.variant(chosen(value, t.names().size(), "an enum").index());
      case ValueType.FlagsType t -> {
        long bits = as(Value.Flags.class, value, "flags").bits();
        to.flags(new int[] {(int) bits, (int) (bits >>> 32)}, t.names().size());
      }
      case ValueType.OptionType t -> {
        Value some = as(Value.Option.class, value, "an option").some();
        to.option(some != null);
        if (some != null) {
          write(t.some(), some, to);
        }
      }
      case ValueType.ResultType t -> {
        Value.ResultOf result = as(Value.ResultOf.class, value, "a result");
        to.result(result.ok());
        payload(result.ok() ? t.ok() : t.err(), result.payload(), to);
      }
      case ValueType.OwnType t ->
          to.handle(t.resource(), as(Value.HandleOf.class, value, "a handle").rep());
      case ValueType.BorrowType t ->
          to.handle(t.resource(), as(Value.HandleOf.class, value, "a handle").rep());
      case ValueType.StreamType t -> throw ValueReader.unsupported("stream");
      case ValueType.FutureType t -> throw ValueReader.unsupported("future");
    }
  }

  private static <T extends Value> T as(Class<T> wanted, Value value, String what) {
    if (!wanted.isInstance(value)) {
      throw new MalformedValueException("got " + value + " (expected: " + what + ")");
    }
    return wanted.cast(value);
  }

  private static List<Value> parts(Value value, int count, String what) {
    List<Value> parts = as(Value.Parts.class, value, what).parts();
    if (parts.size() != count) {
      throw new MalformedValueException(
          parts.size() + " parts (expected: " + what + " of " + count + ")");
    }
    return parts;
  }

  private static Value.CaseOf chosen(Value value, int cases, String what) {
    Value.CaseOf chosen = as(Value.CaseOf.class, value, what);
    if (chosen.index() < 0 || chosen.index() >= cases) {
      throw new MalformedValueException(
          "case " + chosen.index() + " (expected: " + what + " of " + cases + " cases)");
    }
    return chosen;
  }

  private static void payload(@Nullable ValueType type, @Nullable Value value, ValueSink to) {
    if ((type == null) != (value == null)) {
      throw new MalformedValueException(
          type == null ? "a payload too many" : "a payload is missing (expected: " + type + ")");
    }
    if (type != null && value != null) {
      write(type, value, to);
    }
  }

  /** The integer in a tree, checked against its type's range. */
  static long integer(ValueType.Primitive type, Value value) {
    long number = as(Value.Int.class, value, "an integer").value();
    boolean fits =
        switch (type) {
          case S8 -> number == (byte) number;
          case U8 -> number == (number & 0xff);
          case S16 -> number == (short) number;
          case U16 -> number == (number & 0xffff);
          case S32 -> number == (int) number;
          case U32 -> number == (number & 0xffffffffL);
          case S64, U64 -> true;
          case BOOL, F32, F64, CHAR, STRING, ERROR_CONTEXT -> false;
        };
    if (!fits) {
      throw new MalformedValueException(
          number
              + " is out of range (expected: "
              + type.name().toLowerCase(java.util.Locale.ROOT)
              + ")");
    }
    return number;
  }

  private static void primitive(ValueType.Primitive type, Value value, ValueSink to) {
    switch (type) {
      case BOOL -> to.bool(as(Value.Bool.class, value, "a bool").value());
      case S8 -> to.s8((int) integer(type, value));
      case U8 -> to.u8((int) integer(type, value));
      case S16 -> to.s16((int) integer(type, value));
      case U16 -> to.u16((int) integer(type, value));
      case S32 -> to.s32((int) integer(type, value));
      case U32 -> to.u32((int) integer(type, value));
      case S64 -> to.s64(integer(type, value));
      case U64 -> to.u64(integer(type, value));
      case F32 -> to.f32((float) as(Value.Real.class, value, "a float").value());
      case F64 -> to.f64(as(Value.Real.class, value, "a float").value());
      case CHAR -> to.character(as(Value.Char.class, value, "a char").codePoint());
      case STRING -> to.string(as(Value.Text.class, value, "a string").value());
      case ERROR_CONTEXT -> throw ValueReader.unsupported("error-context");
    }
  }
}

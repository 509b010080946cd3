package io.wattle.wit.value;

import io.wattle.wit.type.ValueType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads values into trees. */
public final class ValueReader {
  private ValueReader() {}

  /** The next value of a source. */
  public static Value read(ValueType type, ValueSource from) {
    return switch (type) {
      case ValueType.Primitive p -> primitive(p, from);
      case ValueType.ListType t when t.element() == ValueType.Primitive.U8 -> {
        List<Value> parts = new ArrayList<>();
        for (byte b : from.bytes()) {
          parts.add(new Value.Int(b & 0xff));
        }
        yield new Value.Parts(parts);
      }
      case ValueType.ListType t -> repeated(t.element(), from.list(), from);
      case ValueType.FixedListType t -> repeated(t.element(), t.length(), from);
      case ValueType.RecordType t ->
          parts(t.fields().stream().map(ValueType.Field::type).toList(), from);
      case ValueType.TupleType t -> parts(t.elements(), from);
      case ValueType.VariantType t -> {
        int index = from.variant(t.cases().size());
        yield new Value.CaseOf(index, optional(t.cases().get(index).payload(), from));
      }
      case ValueType.EnumType t -> new Value.CaseOf(from.variant(t.names().size()), null);
      case ValueType.FlagsType t -> {
        int[] words = from.flags(t.names().size());
        long bits = 0;
        for (int i = 0; i < Math.min(2, words.length); i++) {
          bits |= Integer.toUnsignedLong(words[i]) << (32 * i);
        }
        yield new Value.Flags(bits);
      }
      case ValueType.OptionType t -> new Value.Option(from.option() ? read(t.some(), from) : null);
      case ValueType.ResultType t -> {
        boolean ok = from.result();
        yield new Value.ResultOf(ok, optional(ok ? t.ok() : t.err(), from));
      }
      case ValueType.OwnType t -> new Value.HandleOf(from.handle(t.resource()));
      case ValueType.BorrowType t -> new Value.HandleOf(from.handle(t.resource()));
      case ValueType.StreamType t -> throw unsupported("stream");
      case ValueType.FutureType t -> throw unsupported("future");
    };
  }

  static MalformedValueException unsupported(String what) {
    return new MalformedValueException("a " + what + " cannot be a tree");
  }

  private static @Nullable Value optional(@Nullable ValueType type, ValueSource from) {
    return type == null ? null : read(type, from);
  }

  private static Value repeated(ValueType element, int count, ValueSource from) {
    List<Value> parts = new ArrayList<>(Math.min(count, 1 << 16));
    for (int i = 0; i < count; i++) {
      parts.add(read(element, from));
    }
    return new Value.Parts(parts);
  }

  private static Value parts(List<ValueType> types, ValueSource from) {
    List<Value> parts = new ArrayList<>(types.size());
    for (ValueType type : types) {
      parts.add(read(type, from));
    }
    return new Value.Parts(parts);
  }

  private static Value primitive(ValueType.Primitive type, ValueSource from) {
    return switch (type) {
      case BOOL -> new Value.Bool(from.bool());
      case S8 -> new Value.Int(from.s8());
      case U8 -> new Value.Int(from.u8());
      case S16 -> new Value.Int(from.s16());
      case U16 -> new Value.Int(from.u16());
      case S32 -> new Value.Int(from.s32());
      case U32 -> new Value.Int(Integer.toUnsignedLong(from.u32()));
      case S64 -> new Value.Int(from.s64());
      case U64 -> new Value.Int(from.u64());
      case F32 -> new Value.Real(from.f32());
      case F64 -> new Value.Real(from.f64());
      case CHAR -> new Value.Char(from.character());
      case STRING -> new Value.Text(from.string());
      case ERROR_CONTEXT -> throw unsupported("error-context");
    };
  }
}

package io.wattle.wit.wave;

import io.wattle.wit.type.ValueType;
import io.wattle.wit.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints values as WAVE: {@code {name: "Ada", tags: [a, b]}}. */
public final class WavePrinter {
  private final StringBuilder out = new StringBuilder();

  private WavePrinter() {}

  /**
   * A value in words.
   *
   * @throws IllegalArgumentException when the tree does not fit the type
   */
  public static String print(ValueType type, Value value) {
    WavePrinter printer = new WavePrinter();
    try {
      printer.value(type, value);
    } catch (ClassCastException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("value does not fit its type", e);
    }
    return printer.out.toString();
  }

  private void value(ValueType type, Value value) {
    switch (type) {
      case ValueType.Primitive p -> primitive(p, value);
      case ValueType.ListType t -> list('[', ']', parts(value), i -> t.element());
      case ValueType.FixedListType t -> list('[', ']', parts(value), i -> t.element());
      case ValueType.TupleType t -> list('(', ')', parts(value), i -> t.elements().get(i));
      case ValueType.RecordType t -> {
        List<Value> parts = parts(value);
        out.append('{');
        for (int i = 0; i < parts.size(); i++) {
          ValueType.Field field = t.fields().get(i);
          out.append(i == 0 ? "" : ", ").append(field.name()).append(": ");
          value(field.type(), parts.get(i));
        }
        out.append('}');
      }
      case ValueType.VariantType t -> {
        Value.CaseOf chosen = (Value.CaseOf) value;
        ValueType.Case c = t.cases().get(chosen.index());
        named(Keywords.escape(c.name()), c.payload(), chosen.payload());
      }
      case ValueType.EnumType t ->
          out.append(Keywords.escape(t.names().get(((Value.CaseOf) value).index())));
      case ValueType.FlagsType t -> {
        long bits = ((Value.Flags) value).bits();
        String separator = "";
        out.append('{');
        for (int i = 0; i < t.names().size(); i++) {
          if ((bits >>> i & 1) != 0) {
            out.append(separator).append(t.names().get(i));
            separator = ", ";
          }
        }
        out.append('}');
      }
      case ValueType.OptionType t -> {
        Value some = ((Value.Option) value).some();
        named(some == null ? "none" : "some", some == null ? null : t.some(), some);
      }
      case ValueType.ResultType t -> {
        Value.ResultOf result = (Value.ResultOf) value;
        named(result.ok() ? "ok" : "err", result.ok() ? t.ok() : t.err(), result.payload());
      }
      case ValueType.OwnType t -> out.append("<").append(t.resource().name()).append('>');
      case ValueType.BorrowType t -> out.append("<").append(t.resource().name()).append('>');
      case ValueType.StreamType t -> out.append("<stream>");
      case ValueType.FutureType t -> out.append("<future>");
    }
  }

  private static List<Value> parts(Value value) {
    return ((Value.Parts) value).parts();
  }

  private void list(
      char open, char close, List<Value> parts, java.util.function.IntFunction<ValueType> types) {
    out.append(open);
    for (int i = 0; i < parts.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      value(types.apply(i), parts.get(i));
    }
    out.append(close);
  }

  private void named(String name, @Nullable ValueType type, @Nullable Value payload) {
    out.append(name);
    if (type != null && payload != null) {
      out.append('(');
      value(type, payload);
      out.append(')');
    }
  }

  private void primitive(ValueType.Primitive type, Value value) {
    switch (value) {
      case Value.Bool v -> out.append(v.value());
      case Value.Int v ->
          out.append(
              type == ValueType.Primitive.U64
                  ? Long.toUnsignedString(v.value())
                  : Long.toString(v.value()));
      case Value.Real v -> out.append(number(type, v.value()));
      case Value.Char v -> {
        out.append('\'');
        escaped(v.codePoint(), '\'');
        out.append('\'');
      }
      case Value.Text v -> {
        out.append('"');
        v.value().codePoints().forEach(c -> escaped(c, '"'));
        out.append('"');
      }
      default -> throw new ClassCastException("no primitive: " + value);
    }
  }

  static String number(ValueType.Primitive type, double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    String text =
        type == ValueType.Primitive.F32 ? Float.toString((float) value) : Double.toString(value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private void escaped(int c, char quote) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\\' -> out.append("\\\\");
      default -> {
        if (c == quote) {
          out.append('\\').append(quote);
        } else if (Character.isISOControl(c)) {
          out.append("\\u{").append(Integer.toHexString(c)).append('}');
        } else {
          out.appendCodePoint(c);
        }
      }
    }
  }
}

package io.wattle.runtime.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values as the converted suite writes them: {@code {"type": "u32", "value": "42"}}. */
final class SuiteValues {
  private SuiteValues() {}

  static Value read(ValueType type, JsonNode json) {
    JsonNode value = json.get("value");
    return switch (type) {
      case ValueType.Primitive p -> primitive(p, value);
      case ValueType.ListType t -> repeated(t.element(), value);
      case ValueType.FixedListType t -> repeated(t.element(), value);
      case ValueType.TupleType t -> {
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < t.elements().size(); i++) {
          parts.add(read(t.elements().get(i), value.get(i)));
        }
        yield new Value.Parts(parts);
      }
      case ValueType.RecordType t -> {
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < t.fields().size(); i++) {
          ValueType.Field field = t.fields().get(i);
          if (!value.get(i).get(0).asText().equals(field.name())) {
            throw new IllegalArgumentException("no field " + field.name() + " in " + value);
          }
          parts.add(read(field.type(), value.get(i).get(1)));
        }
        yield new Value.Parts(parts);
      }
      case ValueType.VariantType t -> {
        List<String> names = t.cases().stream().map(ValueType.Case::name).toList();
        int index = names.indexOf(value.get("case").asText());
        yield new Value.CaseOf(
            index, optional(t.cases().get(index).payload(), value.get("payload")));
      }
      case ValueType.EnumType t -> new Value.CaseOf(t.names().indexOf(value.asText()), null);
      case ValueType.FlagsType t -> {
        long bits = 0;
        for (JsonNode flag : value) {
          bits |= 1L << t.names().indexOf(flag.asText());
        }
        yield new Value.Flags(bits);
      }
      case ValueType.OptionType t -> new Value.Option(optional(t.some(), value));
      case ValueType.ResultType t -> {
        boolean ok = value.has("Ok");
        yield new Value.ResultOf(ok, optional(ok ? t.ok() : t.err(), value.get(ok ? "Ok" : "Err")));
      }
      case ValueType.OwnType t -> throw unsupported(json);
      case ValueType.BorrowType t -> throw unsupported(json);
      case ValueType.StreamType t -> throw unsupported(json);
      case ValueType.FutureType t -> throw unsupported(json);
    };
  }

  private static IllegalArgumentException unsupported(JsonNode json) {
    return new IllegalArgumentException("a value that the suite cannot write: " + json);
  }

  private static @Nullable Value optional(@Nullable ValueType type, @Nullable JsonNode json) {
    return type == null || json == null || json.isNull() ? null : read(type, json);
  }

  private static Value repeated(ValueType element, JsonNode values) {
    List<Value> parts = new ArrayList<>();
    values.forEach(value -> parts.add(read(element, value)));
    return new Value.Parts(parts);
  }

  private static Value primitive(ValueType.Primitive type, JsonNode value) {
    String text = value.asText();
    return switch (type) {
      case BOOL -> new Value.Bool(value.asBoolean());
      case S8, U8, S16, U16, S32, U32, S64 -> new Value.Int(Long.parseLong(text));
      case U64 -> new Value.Int(Long.parseUnsignedLong(text));
      // Floats are written as the bits of the number.
      case F32 -> new Value.Real(Float.intBitsToFloat(Integer.parseUnsignedInt(text)));
      case F64 -> new Value.Real(Double.longBitsToDouble(Long.parseUnsignedLong(text)));
      case CHAR -> new Value.Char(text.codePointAt(0));
      case STRING -> new Value.Text(text);
      case ERROR_CONTEXT -> throw unsupported(value);
    };
  }
}

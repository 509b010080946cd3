package io.wattle.wit.wave;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.value.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON: records are objects, lists and tuples arrays, enums strings, flags arrays of
 * names; a variant is its case's name, or an object with that one key when it has a payload; an
 * option is null or the value ({@code {"some": ...}} where the value may be null itself); a result
 * is {@code {"ok": ...}} or {@code {"err": ...}}; NaN and infinities are strings as in WAVE.
 */
public final class JsonValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private JsonValues() {}

  /** A value as JSON. */
  public static JsonNode print(ValueType type, Value value) {
    return switch (type) {
      case ValueType.Primitive p -> primitive(p, value);
      case ValueType.ListType t -> array(value, i -> t.element());
      case ValueType.FixedListType t -> array(value, i -> t.element());
      case ValueType.TupleType t -> array(value, i -> t.elements().get(i));
      case ValueType.RecordType t -> {
        ObjectNode object = JSON.objectNode();
        List<Value> parts = ((Value.Parts) value).parts();
        for (int i = 0; i < parts.size(); i++) {
          ValueType.Field field = t.fields().get(i);
          object.set(field.name(), print(field.type(), parts.get(i)));
        }
        yield object;
      }
      case ValueType.VariantType t -> {
        Value.CaseOf chosen = (Value.CaseOf) value;
        ValueType.Case c = t.cases().get(chosen.index());
        yield c.payload() == null
            ? JSON.textNode(c.name())
            : single(c.name(), c.payload(), chosen.payload());
      }
      case ValueType.EnumType t -> JSON.textNode(t.names().get(((Value.CaseOf) value).index()));
      case ValueType.FlagsType t -> {
        ArrayNode array = JSON.arrayNode();
        long bits = ((Value.Flags) value).bits();
        for (int i = 0; i < t.names().size(); i++) {
          if ((bits >>> i & 1) != 0) {
            array.add(t.names().get(i));
          }
        }
        yield array;
      }
      case ValueType.OptionType t -> {
        Value some = ((Value.Option) value).some();
        if (some == null) {
          yield JSON.nullNode();
        }
        yield nullable(t.some()) ? single("some", t.some(), some) : print(t.some(), some);
      }
      case ValueType.ResultType t -> {
        Value.ResultOf result = (Value.ResultOf) value;
        yield single(result.ok() ? "ok" : "err", result.ok() ? t.ok() : t.err(), result.payload());
      }
      case ValueType.OwnType t -> JSON.textNode("<" + t.resource().name() + ">");
      case ValueType.BorrowType t -> JSON.textNode("<" + t.resource().name() + ">");
      case ValueType.StreamType t -> JSON.textNode("<stream>");
      case ValueType.FutureType t -> JSON.textNode("<future>");
    };
  }

  private static boolean nullable(ValueType type) {
    return type instanceof ValueType.OptionType;
  }

  private static JsonNode single(String name, @Nullable ValueType type, @Nullable Value value) {
    ObjectNode object = JSON.objectNode();
    object.set(name, type == null || value == null ? JSON.nullNode() : print(type, value));
    return object;
  }

  private static JsonNode array(Value value, java.util.function.IntFunction<ValueType> types) {
    ArrayNode array = JSON.arrayNode();
    List<Value> parts = ((Value.Parts) value).parts();
    for (int i = 0; i < parts.size(); i++) {
      array.add(print(types.apply(i), parts.get(i)));
    }
    return array;
  }

  private static JsonNode primitive(ValueType.Primitive type, Value value) {
    return switch (value) {
      case Value.Bool v -> JSON.booleanNode(v.value());
      case Value.Int v ->
          type == ValueType.Primitive.U64 && v.value() < 0
              ? JSON.numberNode(new BigInteger(Long.toUnsignedString(v.value())))
              : JSON.numberNode(v.value());
      case Value.Real v -> {
        boolean number = !Double.isNaN(v.value()) && !Double.isInfinite(v.value());
        String text = WavePrinter.number(type, v.value());
        yield number ? JSON.numberNode(new java.math.BigDecimal(text)) : JSON.textNode(text);
      }
      case Value.Char v -> JSON.textNode(Character.toString(v.codePoint()));
      case Value.Text v -> JSON.textNode(v.value());
      default -> throw new IllegalArgumentException("value does not fit its type: " + value);
    };
  }

  /**
   * A value of this type.
   *
   * @throws IllegalArgumentException when the JSON is no such value; the message says where, as a
   *     path
   */
  public static Value parse(ValueType type, JsonNode json) {
    return parse(type, json, "$");
  }

  private static Value parse(ValueType type, JsonNode json, String path) {
    return switch (type) {
      case ValueType.Primitive p -> primitive(p, json, path);
      case ValueType.ListType t -> parts(json, path, -1, i -> t.element());
      case ValueType.FixedListType t -> parts(json, path, t.length(), i -> t.element());
      case ValueType.TupleType t ->
          parts(json, path, t.elements().size(), i -> t.elements().get(i));
      case ValueType.RecordType t -> {
        require(json.isObject(), json, path, "an object");
        List<Value> parts = new ArrayList<>();
        for (ValueType.Field field : t.fields()) {
          JsonNode part = json.get(field.name());
          if (part == null && nullable(field.type())) {
            part = JSON.nullNode();
          }
          if (part == null) {
            throw wrong(json, path, "the field " + field.name());
          }
          parts.add(parse(field.type(), part, path + "." + field.name()));
        }
        json.fieldNames()
            .forEachRemaining(
                name ->
                    require(
                        t.fields().stream().anyMatch(f -> f.name().equals(name)),
                        json,
                        path,
                        "no field " + name));
        yield new Value.Parts(parts);
      }
      case ValueType.VariantType t -> {
        String name = json.isTextual() ? json.asText() : onlyKey(json, path);
        for (int i = 0; i < t.cases().size(); i++) {
          ValueType.Case c = t.cases().get(i);
          if (c.name().equals(name)) {
            yield new Value.CaseOf(i, payload(c.payload(), json, name, path));
          }
        }
        throw wrong(json, path, "one of " + t.cases().stream().map(ValueType.Case::name).toList());
      }
      case ValueType.EnumType t -> {
        int index = t.names().indexOf(json.asText());
        require(index >= 0, json, path, "one of " + t.names());
        yield new Value.CaseOf(index, null);
      }
      case ValueType.FlagsType t -> {
        require(json.isArray(), json, path, "an array of names");
        long bits = 0;
        for (JsonNode name : json) {
          int index = t.names().indexOf(name.asText());
          require(index >= 0, name, path, "some of " + t.names());
          bits |= 1L << index;
        }
        yield new Value.Flags(bits);
      }
      case ValueType.OptionType t -> {
        if (json.isNull()) {
          yield new Value.Option(null);
        }
        JsonNode some = nullable(t.some()) ? json.get("some") : json;
        if (some == null) {
          throw wrong(json, path, "null or {\"some\": ...}");
        }
        yield new Value.Option(parse(t.some(), some, path));
      }
      case ValueType.ResultType t -> {
        String name = json.isTextual() ? json.asText() : onlyKey(json, path);
        require(name.equals("ok") || name.equals("err"), json, path, "ok or err");
        boolean ok = name.equals("ok");
        yield new Value.ResultOf(ok, payload(ok ? t.ok() : t.err(), json, name, path));
      }
      case ValueType.OwnType t -> throw wrong(json, path, "no handle: it has no JSON");
      case ValueType.BorrowType t -> throw wrong(json, path, "no handle: it has no JSON");
      case ValueType.StreamType t -> throw wrong(json, path, "no stream: it has no JSON");
      case ValueType.FutureType t -> throw wrong(json, path, "no future: it has no JSON");
    };
  }

  private static String onlyKey(JsonNode json, String path) {
    require(json.isObject() && json.size() == 1, json, path, "a name or an object with one key");
    return json.fieldNames().next();
  }

  private static @Nullable Value payload(
      @Nullable ValueType type, JsonNode json, String name, String path) {
    JsonNode payload = json.isTextual() ? null : json.get(name);
    if (type == null) {
      require(payload == null || payload.isNull(), json, path, "no payload for " + name);
      return null;
    }
    if (payload == null) {
      throw wrong(json, path, "a payload: {\"" + name + "\": ...}");
    }
    return parse(type, payload, path + "." + name);
  }

  private static Value parts(
      JsonNode json, String path, int count, java.util.function.IntFunction<ValueType> types) {
    require(
        json.isArray() && (count < 0 || json.size() == count),
        json,
        path,
        count < 0 ? "an array" : "an array of " + count);
    List<Value> parts = new ArrayList<>();
    for (int i = 0; i < json.size(); i++) {
      parts.add(parse(types.apply(i), json.get(i), path + "[" + i + "]"));
    }
    return new Value.Parts(parts);
  }

  private static Value primitive(ValueType.Primitive type, JsonNode json, String path) {
    return switch (type) {
      case BOOL -> {
        require(json.isBoolean(), json, path, "true or false");
        yield new Value.Bool(json.asBoolean());
      }
      case S8, U8, S16, U16, S32, U32, S64, U64 -> {
        require(json.isIntegralNumber(), json, path, type.name().toLowerCase(Locale.ROOT));
        yield wave(type, json.bigIntegerValue().toString(), json, path);
      }
      case F32, F64 -> {
        if (json.isNumber()) {
          yield new Value.Real(json.doubleValue());
        }
        yield wave(type, json.asText(), json, path);
      }
      case CHAR -> {
        String text = json.asText();
        require(
            json.isTextual() && text.codePointCount(0, text.length()) == 1,
            json,
            path,
            "a string of one character");
        yield new Value.Char(text.codePointAt(0));
      }
      case STRING -> {
        require(json.isTextual(), json, path, "a string");
        yield new Value.Text(json.asText());
      }
      case ERROR_CONTEXT -> throw wrong(json, path, "no error-context: it has no JSON");
    };
  }

  private static Value wave(ValueType.Primitive type, String text, JsonNode json, String path) {
    try {
      return WaveParser.parse(type, text);
    } catch (IllegalArgumentException e) {
      throw wrong(json, path, type.name().toLowerCase(Locale.ROOT));
    }
  }

  private static void require(boolean fits, JsonNode json, String path, String expected) {
    if (!fits) {
      throw wrong(json, path, expected);
    }
  }

  private static IllegalArgumentException wrong(JsonNode json, String path, String expected) {
    String text = json.toString();
    String got = text.length() > 40 ? text.substring(0, 40) + "..." : text;
    return new IllegalArgumentException(path + ": got " + got + " (expected: " + expected + ")");
  }
}

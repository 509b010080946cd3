package io.wattle.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.value.Value;
import io.wattle.wit.wave.JsonValues;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values as people want to see them: as JSON, and bytes that are text as text. */
final class Shown {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Shown() {}

  static JsonNode of(ValueType type, Value value) {
    return switch (type) {
      case ValueType.ListType list when list.element() == ValueType.Primitive.U8 -> bytes(value);
      case ValueType.ListType list -> all(parts(value), i -> list.element());
      case ValueType.FixedListType list -> all(parts(value), i -> list.element());
      case ValueType.TupleType tuple -> all(parts(value), i -> tuple.elements().get(i));
      case ValueType.RecordType fields -> {
        ObjectNode object = JSON.objectNode();
        List<Value> parts = parts(value);
        for (int i = 0; i < parts.size(); i++) {
          ValueType.Field field = fields.fields().get(i);
          object.set(field.name(), of(field.type(), parts.get(i)));
        }
        yield object;
      }
      case ValueType.OptionType option -> {
        Value some = ((Value.Option) value).some();
        yield some == null ? NullNode.instance : of(option.some(), some);
      }
      case ValueType.ResultType result -> {
        Value.ResultOf outcome = (Value.ResultOf) value;
        yield named(
            outcome.ok() ? "ok" : "err",
            outcome.ok() ? result.ok() : result.err(),
            outcome.payload());
      }
      case ValueType.VariantType variant -> {
        Value.CaseOf chosen = (Value.CaseOf) value;
        ValueType.Case named = variant.cases().get(chosen.index());
        yield named(named.name(), named.payload(), chosen.payload());
      }
      default -> JsonValues.print(type, value);
    };
  }

  private static JsonNode named(String name, @Nullable ValueType type, @Nullable Value payload) {
    return type == null || payload == null
        ? JSON.textNode(name)
        : JSON.objectNode().set(name, of(type, payload));
  }

  private static List<Value> parts(Value value) {
    return ((Value.Parts) value).parts();
  }

  private static ArrayNode all(List<Value> parts, java.util.function.IntFunction<ValueType> types) {
    ArrayNode array = JSON.arrayNode();
    for (int i = 0; i < parts.size(); i++) {
      array.add(of(types.apply(i), parts.get(i)));
    }
    return array;
  }

  private static JsonNode bytes(Value value) {
    List<Value> parts = parts(value);
    byte[] bytes = new byte[parts.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ((Value.Int) parts.get(i)).value();
    }
    return text(bytes)
        .<JsonNode>map(JSON::textNode)
        .orElseGet(
            () -> JSON.objectNode().put("base64", Base64.getEncoder().encodeToString(bytes)));
  }

  private static Optional<String> text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      boolean readable =
          text.codePoints().noneMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c));
      return readable ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}

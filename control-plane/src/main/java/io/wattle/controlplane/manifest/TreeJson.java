package io.wattle.controlplane.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * A tree as JSON: the form in which a manifest is kept and given back, with every field its author
 * wrote.
 */
final class TreeJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private TreeJson() {}

  static JsonNode of(Tree tree) {
    return switch (tree) {
      case Tree.Scalar scalar -> scalar(scalar);
      case Tree.Items(var at, var items) -> {
        ArrayNode array = JSON.arrayNode();
        items.forEach(item -> array.add(of(item)));
        yield array;
      }
      case Tree.Fields(var at, var fields) -> {
        ObjectNode object = JSON.objectNode();
        fields.forEach(field -> object.set(field.key(), of(field.value())));
        yield object;
      }
    };
  }

  private static JsonNode scalar(Tree.Scalar scalar) {
    return switch (scalar.kind()) {
      case TEXT -> JSON.textNode(scalar.text());
      case NULL -> JSON.nullNode();
      case BOOLEAN -> JSON.booleanNode(scalar.text().toLowerCase(Locale.ROOT).equals("true"));
      case NUMBER -> number(scalar.text());
    };
  }

  private static JsonNode number(String text) {
    try {
      return JSON.numberNode(Long.parseLong(text));
    } catch (NumberFormatException e) {
      try {
        BigDecimal number = new BigDecimal(text);
        // 1e999999999 is a short text and a very long number.
        return Math.abs((long) number.scale()) > 400
            ? JSON.textNode(text)
            : JSON.numberNode(number);
      } catch (NumberFormatException notDecimal) {
        return JSON.textNode(text);
      }
    }
  }
}

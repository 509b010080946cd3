package io.wattle.controlplane.manifest;

import java.util.List;

/** A document as it was written: values, and where each of them stands. */
sealed interface Tree {
  /** Where the value begins. */
  Position at();

  /** What kind a scalar is by YAML's core schema, or by JSON. */
  enum ScalarKind {
    TEXT,
    NUMBER,
    BOOLEAN,
    NULL
  }

  /** A single value; {@code text} is what was written, without quotes. */
  record Scalar(Position at, ScalarKind kind, String text) implements Tree {}

  /** A list. */
  record Items(Position at, List<Tree> items) implements Tree {}

  /** A mapping in the order of the text; a key may be there twice, which is a problem for later. */
  record Fields(Position at, List<Field> fields) implements Tree {}

  /** One entry of a mapping. */
  record Field(Position at, String key, Tree value) {}

  /** A few words that say what this is, for "got: ..." in a message. */
  default String describe() {
    return switch (this) {
      case Scalar(var at, var kind, var text) ->
          switch (kind) {
            case TEXT -> "the text \"" + shorten(text) + "\"";
            case NUMBER -> "the number " + shorten(text);
            case BOOLEAN -> "the boolean " + text;
            case NULL -> "nothing";
          };
      case Items(var at, var items) -> "a list of " + items.size();
      case Fields(var at, var fields) ->
          fields.isEmpty()
              ? "an empty object"
              : "an object with " + shorten(String.join(", ", keys(fields)));
    };
  }

  /** Whether this is null, {@code ~}, or nothing at all. */
  default boolean isNull() {
    return this instanceof Scalar scalar && scalar.kind() == ScalarKind.NULL;
  }

  private static List<String> keys(List<Field> fields) {
    return fields.stream().map(Field::key).toList();
  }

  private static String shorten(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}

package io.wattle.controlplane.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one object, and notes everything that is wrong with them instead of stopping
 * at the first. A missing or wrong value is answered with an empty one: whoever sees problems does
 * not use the result.
 */
final class FieldReader {
  private final Place place;
  private final Map<String, Tree.Field> fields = new LinkedHashMap<>();
  private final Set<String> known = new HashSet<>();
  private final List<Problem> problems;

  private FieldReader(Place place, Tree.Fields node, List<Problem> problems) {
    this.place = place;
    this.problems = problems;
    for (Tree.Field field : node.fields()) {
      if (fields.putIfAbsent(field.key(), field) != null) {
        problems.add(
            Problem.error(0, place.field(field.key(), field.at()), "given twice")
                .hint("keep one of them"));
      }
    }
  }

  /** The object's fields; anything else is a problem, and an object without fields is read on. */
  static FieldReader of(Place place, Tree tree, List<Problem> problems) {
    if (tree instanceof Tree.Fields node) {
      return new FieldReader(place, node, problems);
    }
    problems.add(
        Problem.error(0, place, "wrong type").expected("an object with fields", tree.describe()));
    FieldReader empty =
        new FieldReader(place, new Tree.Fields(tree.at(), List.of()), new ArrayList<>());
    return empty;
  }

  Place place() {
    return place;
  }

  Place placeOf(String key) {
    Tree.Field field = fields.get(key);
    return field == null ? place.field(key, place.at()) : place.field(key, field.value().at());
  }

  boolean has(String key) {
    return fields.containsKey(key);
  }

  /** The value, null when it is missing or null. */
  @Nullable Tree value(String key) {
    known.add(key);
    Tree.Field field = fields.get(key);
    return field == null || field.value().isNull() ? null : field.value();
  }

  String text(String key) {
    Tree value = value(key);
    if (value == null) {
      missing(key, "text");
      return "";
    }
    return asText(placeOf(key), value);
  }

  @Nullable String optionalText(String key) {
    Tree value = value(key);
    return value == null ? null : asText(placeOf(key), value);
  }

  private String asText(Place where, Tree value) {
    if (value instanceof Tree.Scalar scalar) {
      if (scalar.kind() == Tree.ScalarKind.TEXT) {
        return scalar.text();
      }
      wrong(where, "text", value, "put quotes around it: \"" + scalar.text() + "\"");
    } else {
      wrong(where, "text", value, null);
    }
    return "";
  }

  long count(String key, long max) {
    Tree value = value(key);
    if (value == null) {
      missing(key, "a whole number, 0 or more");
      return 0;
    }
    return asCount(key, value, max);
  }

  @Nullable Long optionalCount(String key, long max) {
    Tree value = value(key);
    return value == null ? null : (Long) asCount(key, value, max);
  }

  private long asCount(String key, Tree value, long max) {
    if (value instanceof Tree.Scalar scalar && scalar.kind() == Tree.ScalarKind.NUMBER) {
      try {
        long number = Long.parseLong(scalar.text());
        if (number >= 0 && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Too long or with a fraction: the same problem as a negative one.
      }
      wrong(placeOf(key), "a whole number from 0 to " + max, value, null);
      return 0;
    }
    boolean quoted = value instanceof Tree.Scalar text && text.text().matches("[0-9]+");
    wrong(placeOf(key), "a whole number, 0 or more", value, quoted ? "take the quotes away" : null);
    return 0;
  }

  /**
   * Text to text. Where {@code plain} is set, numbers and booleans are taken as they are written.
   */
  @Nullable Map<String, String> optionalStrings(String key, boolean plain) {
    Tree value = value(key);
    if (value == null) {
      return null;
    }
    Map<String, String> result = new LinkedHashMap<>();
    FieldReader reader = of(placeOf(key), value, problems);
    for (Tree.Field field : reader.fields.values()) {
      if (plain && field.value() instanceof Tree.Scalar scalar) {
        result.put(field.key(), scalar.text());
      } else {
        result.put(field.key(), reader.asText(reader.placeOf(field.key()), field.value()));
      }
    }
    return result;
  }

  /** The items of a list, each read by {@code read}; an absent list is empty. */
  <T> List<T> list(String key, BiFunction<Place, Tree, T> read) {
    Tree value = value(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof Tree.Items items)) {
      wrong(placeOf(key), "a list", value, "begin each item with \"- \"");
      return List.of();
    }
    List<T> result = new ArrayList<>();
    for (int i = 0; i < items.items().size(); i++) {
      Tree item = items.items().get(i);
      result.add(read.apply(placeOf(key).item(i, item.at()), item));
    }
    return result;
  }

  List<String> texts(String key) {
    return list(key, this::asText);
  }

  void require(String key, String expected) {
    if (value(key) == null) {
      missing(key, expected);
    }
  }

  void missing(String key, String expected) {
    problems.add(
        Problem.error(0, place.field(key, place.at()), "missing").expected(expected, "nothing"));
  }

  private void wrong(Place where, String expected, Tree got, @Nullable String hint) {
    problems.add(
        Problem.error(0, where, "wrong type").expected(expected, got.describe()).hint(hint));
  }

  /** Fields nobody asked for are errors: what wadm calls deny_unknown_fields. */
  void denyOthers() {
    others(Problem.Severity.ERROR);
  }

  /** Fields nobody asked for have no effect, which is worth a word: often they are misspelt. */
  void warnOfOthers() {
    others(Problem.Severity.WARNING);
  }

  private void others(Problem.Severity severity) {
    for (Tree.Field field : fields.values()) {
      if (!known.contains(field.key())) {
        Place where = place.field(field.key(), field.at());
        String near = Nearest.to(field.key(), known);
        Problem problem =
            severity == Problem.Severity.ERROR
                ? Problem.error(0, where, "unknown field")
                    .expected(
                        "one of " + String.join(", ", known.stream().sorted().toList()),
                        field.key())
                : Problem.warning(0, where, "unknown field, without effect");
        problems.add(problem.hint(near == null ? null : "did you mean \"" + near + "\"?"));
      }
    }
  }
}

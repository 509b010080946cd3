package io.wattle.lattice.control;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What absent fields become. */
final class Defaults {
  private Defaults() {}

  static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  static <T> List<T> list(@Nullable List<T> value) {
    return value == null ? List.of() : List.copyOf(value);
  }

  static <V> Map<String, V> map(@Nullable Map<String, V> value) {
    return value == null ? Map.of() : Map.copyOf(value);
  }

  static <T> T required(String field, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(field + ": missing");
    }
    return value;
  }
}

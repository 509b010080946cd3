package io.wattle.lattice.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What absent fields become. */
final class Fill {
  private Fill() {}

  static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  static <V> Map<String, V> map(@Nullable Map<String, V> value) {
    return value == null ? Map.of() : Map.copyOf(value);
  }
}

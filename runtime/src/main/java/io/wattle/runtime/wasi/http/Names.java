package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.Variant;
import java.util.List;

/** The variants {@code method} and {@code scheme} between WIT and their names. */
final class Names {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
  private static final List<String> SCHEMES = List.of("HTTP", "HTTPS");

  private Names() {}

  static Variant method(String name) {
    return variant(METHODS, name, METHODS.indexOf(name));
  }

  static String method(Variant variant) {
    return name(METHODS, variant);
  }

  static Variant scheme(String name) {
    return variant(SCHEMES, name, SCHEMES.indexOf(name.toUpperCase(java.util.Locale.ROOT)));
  }

  static String scheme(Variant variant) {
    return name(SCHEMES, variant);
  }

  private static Variant variant(List<String> known, String name, int index) {
    return index < 0 ? new Variant(known.size(), name) : new Variant(index, null);
  }

  private static String name(List<String> known, Variant variant) {
    return variant.index() < known.size()
        ? known.get(variant.index())
        : String.valueOf(variant.payload());
  }
}

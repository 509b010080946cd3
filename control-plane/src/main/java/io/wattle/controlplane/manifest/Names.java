package io.wattle.controlplane.manifest;

import java.util.List;
import java.util.Locale;

/** Ids and config names as wadm makes them: users and other tools address resources by these. */
public final class Names {
  private Names() {}

  /** Lower case, and every character that is not an ASCII letter or digit becomes an underscore. */
  static String sanitize(String text) {
    StringBuilder result = new StringBuilder();
    for (char c : text.toLowerCase(Locale.ROOT).toCharArray()) {
      // A character outside the basic plane is one character to wadm, hence one underscore.
      if (!Character.isLowSurrogate(c)) {
        result.append((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_');
      }
    }
    return result.toString();
  }

  /** The id of a component or provider: the given one, or {@code app-component}. */
  public static String id(Manifest manifest, Manifest.Component component) {
    String given = component.properties().id();
    if (given != null) {
      return given;
    }
    Manifest.SharedApplication shared = component.properties().application();
    return shared == null
        ? generated(manifest.name(), component.name())
        : generated(shared.name(), shared.component());
  }

  /** The generated id of a component or provider. */
  public static String generated(String application, String component) {
    return sanitize(application) + "-" + sanitize(component);
  }

  /** The name a configuration has on the lattice. */
  public static String config(String application, Manifest.Config config) {
    return config.properties() == null
        ? config.name()
        : sanitize(application) + "-" + sanitize(config.name());
  }

  /** The name the reference to a secret has on the lattice. */
  public static String secret(String application, Manifest.Secret secret) {
    return "SECRET_" + sanitize(application) + "-" + sanitize(secret.name());
  }

  /**
   * The names a start, scale or link command carries: configurations, then secrets, in the order of
   * the manifest.
   */
  public static List<String> all(
      String application, List<Manifest.Config> configs, List<Manifest.Secret> secrets) {
    return java.util.stream.Stream.concat(
            configs.stream().map(c -> config(application, c)),
            secrets.stream().map(s -> secret(application, s)))
        .toList();
  }
}

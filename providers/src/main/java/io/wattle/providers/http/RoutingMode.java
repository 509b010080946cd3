package io.wattle.providers.http;

import io.wattle.providers.LinkException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a listener chooses among its links. */
enum RoutingMode {
  /** One listener per address; the first link wins, others stand by. */
  ADDRESS,
  /** By the request's path: exact, or the longest prefix of those that end in {@code /*}. */
  PATH,
  /** By the request's host, exactly as the header has it, or without its port. */
  HOST;

  static RoutingMode parse(String text) throws LinkException {
    for (RoutingMode mode : values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
        return mode;
      }
    }
    throw new LinkException("routing_mode: \"" + text + "\" (expected: address, path or host)");
  }

  /** What a link must say in this mode. */
  void check(String target, HttpSettings settings) throws LinkException {
    boolean missing =
        switch (this) {
          case ADDRESS -> false;
          case PATH -> settings.path().isEmpty();
          case HOST -> settings.host().isEmpty();
        };
    if (missing) {
      String key = name().toLowerCase(Locale.ROOT);
      throw new LinkException(
          "link to "
              + target
              + ": no "
              + key
              + " in its source config (expected: one, because routing_mode is "
              + key
              + ")");
    }
  }

  /** The link that serves a request, if any. */
  Optional<Route> choose(List<Route> routes, String path, String host) {
    return switch (this) {
      case ADDRESS -> routes.isEmpty() ? Optional.empty() : Optional.of(routes.getFirst());
      case PATH -> byPath(routes, path);
      case HOST -> byHost(routes, host);
    };
  }

  private static Optional<Route> byPath(List<Route> routes, String path) {
    Optional<Route> exact =
        routes.stream().filter(r -> r.settings().path().orElse("").equals(path)).findFirst();
    return exact.or(
        () ->
            routes.stream()
                .filter(r -> prefix(r).filter(p -> matches(path, p)).isPresent())
                .max(java.util.Comparator.comparingInt(r -> prefix(r).orElse("").length())));
  }

  private static boolean matches(String path, String prefix) {
    return path.equals(prefix) || path.startsWith(prefix + "/");
  }

  private static Optional<String> prefix(Route route) {
    return route
        .settings()
        .path()
        .filter(p -> p.endsWith("/*"))
        .map(p -> p.substring(0, p.length() - 2));
  }

  private static Optional<Route> byHost(List<Route> routes, String host) {
    int colon = host.lastIndexOf(':');
    String bare = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    return routes.stream()
        .filter(r -> r.settings().host().filter(h -> h.equals(host) || h.equals(bare)).isPresent())
        .findFirst();
  }
}

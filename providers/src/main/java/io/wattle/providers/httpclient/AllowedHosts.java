package io.wattle.providers.httpclient;

import io.wattle.providers.LinkException;
import io.wattle.wit.http.HttpOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the requests of a link may go, by its setting {@code allowed_hosts}: {@code HOST} or {@code
 * HOST:PORT}, more of them behind commas. Hosts are compared as they are written: an address is not
 * a name that has it.
 */
final class AllowedHosts {
  private static final String SETTING = "allowed_hosts";
  private static final int PORTS = 65_536;

  private final Optional<List<Place>> places;

  /** A host, and a port unless all of its ports are meant. */
  private record Place(String host, Optional<Integer> port) {
    boolean is(HttpOrigin origin) {
      return host.equals(origin.host().toLowerCase(Locale.ROOT))
          && port.map(only -> only == origin.port()).orElse(true);
    }
  }

  private AllowedHosts(Optional<List<Place>> places) {
    this.places = places;
  }

  /** Reads the setting; without it everything is allowed, as with wasmCloud's provider. */
  static AllowedHosts of(Map<String, String> settings) throws LinkException {
    String text = settings.get(SETTING);
    if (text == null) {
      return new AllowedHosts(Optional.empty());
    }
    List<Place> places = new ArrayList<>();
    for (String entry : text.split(",", -1)) {
      if (!entry.isBlank()) {
        places.add(place(entry.strip()));
      }
    }
    return new AllowedHosts(Optional.of(List.copyOf(places)));
  }

  private static Place place(String entry) throws LinkException {
    int bracket = entry.lastIndexOf(']');
    int colon = entry.indexOf(':', Math.max(0, bracket));
    String host = (colon < 0 ? entry : entry.substring(0, colon)).toLowerCase(Locale.ROOT);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    if (bare.isEmpty() || (!bracketed && bare.matches(".*[\\[\\]/@*].*"))) {
      throw invalid(entry);
    }
    if (colon < 0) {
      return new Place(bare, Optional.empty());
    }
    try {
      int port = Integer.parseInt(entry.substring(colon + 1));
      if (port > 0 && port < PORTS) {
        return new Place(bare, Optional.of(port));
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw invalid(entry);
  }

  private static LinkException invalid(String entry) {
    return new LinkException(
        SETTING
            + ": \""
            + entry
            + "\" (expected: HOST or HOST:PORT, like api.example.com or 10.0.0.7:8080; more of them"
            + " behind commas)");
  }

  /** Whether requests may go there. */
  boolean allows(HttpOrigin origin) {
    return places.map(all -> all.stream().anyMatch(place -> place.is(origin))).orElse(true);
  }
}

package io.wattle.providers.http;

import io.wattle.providers.LinkException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one link (or, in path and host mode, of the provider) by wasmCloud's keys, which
 * are case-insensitive (lattice reference, section 7.8).
 *
 * @param address where to listen
 * @param path exact path, or a prefix when it ends in {@code /*}; for routing mode {@code path}
 * @param host value of the host header; for routing mode {@code host}
 * @param timeout how long a request may take, then 408
 * @param readonly refuse everything but GET and HEAD with 405
 * @param cacheControl value of a Cache-Control header to add
 */
record HttpSettings(
    Optional<ListenAddress> address,
    Optional<String> path,
    Optional<String> host,
    Optional<Duration> timeout,
    boolean readonly,
    Optional<String> cacheControl,
    Cors cors) {

  private static final List<String> TLS_KEYS = List.of("tls_cert_file", "tls_priv_key_file");

  static HttpSettings of(Map<String, String> config) throws LinkException {
    Map<String, String> keys = new HashMap<>();
    config.forEach((key, value) -> keys.put(key.toLowerCase(Locale.ROOT), value));
    for (String tls : TLS_KEYS) {
      if (keys.containsKey(tls)) {
        throw new LinkException(
            tls
                + ": TLS is not served yet (expected: no such key); put a TLS proxy in front of the plain address");
      }
    }
    Optional<String> address = Optional.ofNullable(keys.get("address"));
    return new HttpSettings(
        address.isPresent() ? Optional.of(ListenAddress.parse(address.get())) : Optional.empty(),
        Optional.ofNullable(keys.get("path")),
        Optional.ofNullable(keys.get("host")),
        timeout(keys.get("timeout_ms")),
        Boolean.parseBoolean(keys.getOrDefault("readonly_mode", "false")),
        Optional.ofNullable(keys.get("cache_control")),
        Cors.of(keys));
  }

  private static Optional<Duration> timeout(@org.jspecify.annotations.Nullable String text)
      throws LinkException {
    if (text == null) {
      return Optional.empty();
    }
    try {
      long millis = Long.parseLong(text);
      if (millis > 0) {
        return Optional.of(Duration.ofMillis(millis));
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new LinkException("timeout_ms: \"" + text + "\" (expected: milliseconds, > 0)");
  }
}

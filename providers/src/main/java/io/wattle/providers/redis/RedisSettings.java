package io.wattle.providers.redis;

import io.wattle.providers.LinkException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * How a Redis is reached, by the keys of wasmCloud's provider (lattice reference, section 7.8), in
 * any case. Equal settings share connections, whatever {@code SHARE_CONNECTIONS_BY_URL} says: a
 * command carries its key, so nothing but the pool is shared.
 *
 * @param url with user and password, never shown
 * @param retries how often a command that did not reach Redis is tried again
 * @param longestPause between two tries
 * @param connectTimeout until a connection stands
 * @param responseTimeout until an answer, unless the caller's deadline is shorter
 */
record RedisSettings(
    URI url,
    int retries,
    Duration longestPause,
    Duration connectTimeout,
    Duration responseTimeout) {
  private static final String DEFAULT_URL = "redis://127.0.0.1:6379/";
  private static final int DEFAULT_PORT = 6379;

  /** What a link says, and where it says nothing, the provider's own configuration. */
  static RedisSettings of(Map<String, String> provider, Map<String, String> link)
      throws LinkException {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(provider);
    all.putAll(link);
    if (!linkHas(link, "url") && all.containsKey("DISABLE_DEFAULT_CONNECTION")) {
      throw new LinkException(
          "no url in the link's target config, and DISABLE_DEFAULT_CONNECTION is set (expected:"
              + " url, like redis://127.0.0.1:6379/)");
    }
    return new RedisSettings(
        url(all.getOrDefault("url", DEFAULT_URL)),
        (int) number(all, "BACKEND_RECONNECT_NUM_RETRIES", 3),
        Duration.ofMillis(number(all, "BACKEND_RECONNECT_MAX_DELAY_MS", 300)),
        Duration.ofMillis(number(all, "BACKEND_CONNECTION_TIMEOUT_MS", 3000)),
        Duration.ofMillis(number(all, "BACKEND_RESPONSE_TIMEOUT_MS", 1000)));
  }

  HostAndPort address() {
    return new HostAndPort(url.getHost(), url.getPort() < 0 ? DEFAULT_PORT : url.getPort());
  }

  Optional<String> user() {
    return Optional.ofNullable(JedisURIHelper.getUser(url)).filter(user -> !user.isEmpty());
  }

  Optional<String> password() {
    return Optional.ofNullable(JedisURIHelper.getPassword(url));
  }

  int database() {
    return JedisURIHelper.getDBIndex(url);
  }

  boolean tls() {
    return JedisURIHelper.isRedisSSLScheme(url);
  }

  /** For people: without user and password. */
  @Override
  public String toString() {
    return url.getScheme() + "://" + address() + "/" + database();
  }

  private static boolean linkHas(Map<String, String> link, String key) {
    return link.keySet().stream().anyMatch(key::equalsIgnoreCase);
  }

  private static URI url(String text) throws LinkException {
    try {
      URI uri = new URI(text.strip());
      boolean known = JedisURIHelper.isRedisScheme(uri) || JedisURIHelper.isRedisSSLScheme(uri);
      if (known && uri.getHost() != null && JedisURIHelper.getDBIndex(uri) >= 0) {
        return uri;
      }
    } catch (java.net.URISyntaxException | NumberFormatException e) {
      // Said below, without the text: it may hold a password.
    }
    throw new LinkException(
        "url: not a Redis address (expected: redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], or"
            + " rediss:// for TLS)");
  }

  private static long number(Map<String, String> all, String key, long otherwise)
      throws LinkException {
    String text = all.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text.strip());
      if (value >= 0 && value <= Integer.MAX_VALUE) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new LinkException(key + ": \"" + text + "\" (expected: a whole number >= 0)");
  }
}

package io.wattle.providers.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.wattle.providers.LinkException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cross-origin rules; an empty list of origins lets any origin in. The headers are added only when
 * a request has an Origin.
 */
record Cors(
    List<String> origins,
    List<String> headers,
    List<String> methods,
    List<String> exposed,
    long maxAgeSeconds) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Cors of(Map<String, String> keys) throws LinkException {
    return new Cors(
        list(keys, "cors_allowed_origins", List.of()),
        list(
            keys,
            "cors_allowed_headers",
            List.of("accept", "accept-language", "content-type", "content-language")),
        list(
            keys,
            "cors_allowed_methods",
            List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS")),
        list(keys, "cors_exposed_headers", List.of()),
        seconds(keys.get("cors_max_age_secs")));
  }

  /** Whether the request is a preflight, which is answered here and never reaches a component. */
  boolean preflight(HttpServerRequest request) {
    return request.method().name().equals("OPTIONS")
        && request.getHeader("Origin") != null
        && request.getHeader("Access-Control-Request-Method") != null;
  }

  void apply(HttpServerRequest request, HttpServerResponse response) {
    String origin = request.getHeader("Origin");
    if (origin == null || !(origins.isEmpty() || origins.contains(origin))) {
      return;
    }
    response.putHeader("Access-Control-Allow-Origin", origins.isEmpty() ? "*" : origin);
    if (!exposed.isEmpty()) {
      response.putHeader("Access-Control-Expose-Headers", String.join(",", exposed));
    }
    if (preflight(request)) {
      response.putHeader("Access-Control-Allow-Methods", String.join(",", methods));
      response.putHeader("Access-Control-Allow-Headers", String.join(",", headers));
      response.putHeader("Access-Control-Max-Age", Long.toString(maxAgeSeconds));
    }
  }

  private static List<String> list(Map<String, String> keys, String key, List<String> absent)
      throws LinkException {
    String text = keys.get(key);
    if (text == null) {
      return absent;
    }
    try {
      return List.copyOf(JSON.readValue(text, new TypeReference<List<String>>() {}));
    } catch (JsonProcessingException | NullPointerException e) {
      throw new LinkException(key + ": " + text + " (expected: a JSON array of strings)", e);
    }
  }

  private static long seconds(@Nullable String text) throws LinkException {
    try {
      return text == null ? 300 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new LinkException("cors_max_age_secs: \"" + text + "\" (expected: seconds)", e);
    }
  }
}

package io.wattle.providers.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;

/**
 * What a request is for, of its first line and its host (RFC 9112, section 3.2).
 *
 * @param pathWithQuery none where only a host is named (CONNECT)
 */
record Target(Optional<String> pathWithQuery, Optional<String> authority) {

  /**
   * Why a request is not to be answered: without a host, or with two, it is for nobody (section
   * 3.2), and where the last coding is not {@code chunked} nobody knows where its body ends
   * (section 6.3).
   */
  static Optional<String> broken(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      return Optional.empty();
    }
    int hosts = request.headers().getAll(HttpHeaders.HOST).size();
    if (hosts > 1 || (hosts == 0 && request.version() == HttpVersion.HTTP_1_1)) {
      return Optional.of("Host: " + hosts + " of them (expected: one)");
    }
    String coding = request.getHeader(HttpHeaders.TRANSFER_ENCODING);
    return coding == null || coding.strip().equalsIgnoreCase("chunked")
        ? Optional.empty()
        : Optional.of("Transfer-Encoding: \"" + coding + "\" (expected: chunked)");
  }

  /**
   * Reads all four forms: a path, a whole URI, whose host counts then and not the one of the
   * header, a host alone, and {@code *}.
   *
   * @param host of the header {@code host}, or of HTTP/2
   */
  static Target of(String method, String uri, Optional<String> host) {
    if (method.equals("CONNECT")) {
      return new Target(Optional.empty(), host.or(() -> Optional.of(uri)));
    }
    int scheme = uri.startsWith("/") ? -1 : uri.indexOf("://");
    if (scheme < 0) {
      return new Target(Optional.of(uri), host);
    }
    int from = scheme + "://".length();
    int path = from;
    while (path < uri.length() && "/?".indexOf(uri.charAt(path)) < 0) {
      path++;
    }
    String rest = uri.substring(path);
    String named = method.equals("OPTIONS") && rest.isEmpty() ? "*" : rest;
    return new Target(
        Optional.of(named.startsWith("?") || named.isEmpty() ? "/" + named : named),
        Optional.of(uri.substring(from, path)));
  }
}

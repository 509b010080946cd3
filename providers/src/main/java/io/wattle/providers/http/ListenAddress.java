package io.wattle.providers.http;

import io.wattle.providers.LinkException;

/**
 * An address to listen on, {@code 127.0.0.1:8080} or {@code [::1]:8080}; port 0 takes any free one.
 */
record ListenAddress(String host, int port) {

  static ListenAddress parse(String text) throws LinkException {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || colon == text.length() - 1) {
      throw invalid(text);
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port < 0 || port > 65535 || host.isBlank()) {
        throw invalid(text);
      }
      return new ListenAddress(host, port);
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
  }

  private static LinkException invalid(String text) {
    return new LinkException(
        "address: \"" + text + "\" (expected: ip:port with port 0 to 65535, like 127.0.0.1:8080)");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}

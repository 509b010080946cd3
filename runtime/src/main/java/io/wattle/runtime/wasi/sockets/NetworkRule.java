package io.wattle.runtime.wasi.sockets;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * Addresses and ports.
 *
 * @param host a name, an address as Java writes it, or {@code *} for all
 * @param firstPort 0 for any port when {@code lastPort} is 65535
 */
public record NetworkRule(String host, int firstPort, int lastPort) {
  private static final String ANY = "*";

  /**
   * Reads {@code HOST:PORT}: HOST is a name, an address ({@code [::1]} for IPv6) or {@code *}, PORT
   * a number, a range {@code 8000-8100} or {@code *}.
   *
   * @throws IllegalArgumentException when it is not that
   */
  public static NetworkRule parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (host.isEmpty() || (!bracketed && host.indexOf(':') >= 0)) {
      throw invalid(text);
    }
    String port = text.substring(colon + 1);
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    try {
      if (port.equals(ANY)) {
        return new NetworkRule(canonical(bare), 0, 65535);
      }
      int dash = port.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? port : port.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(port.substring(dash + 1));
      if (first < 0 || last < first || last > 65535) {
        throw invalid(text);
      }
      return new NetworkRule(canonical(bare), first, last);
    } catch (IllegalArgumentException e) {
      throw invalid(text);
    }
  }

  /**
   * Reads the same, where a HOST alone means all its ports.
   *
   * @throws IllegalArgumentException when it is not that
   */
  public static NetworkRule parseReach(String text) {
    boolean portless = text.startsWith("[") ? text.endsWith("]") : text.indexOf(':') < 0;
    return parse(portless && !text.isEmpty() ? text + ":" + ANY : text);
  }

  private static String canonical(String host) {
    boolean literal = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    return literal ? InetAddress.ofLiteral(host).getHostAddress() : host.toLowerCase(Locale.ROOT);
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "\""
            + text
            + "\" (expected: HOST:PORT, like db.example.com:5432, 10.0.0.7:8000-8100,"
            + " [::1]:53 or *:443)");
  }

  /** Whether it is meant by address, or is loopback and {@code localhost} is meant. */
  boolean names(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    return hasPort(address.getPort())
        && (host.equals(ANY)
            || host.equals(ip.getHostAddress())
            || (host.equals("localhost") && ip.isLoopbackAddress()));
  }

  boolean hasPort(int port) {
    return port >= firstPort && port <= lastPort;
  }

  /** Whether it has this name, in lower case. */
  boolean isNamed(String name) {
    return host.equals(ANY) || host.equals(name);
  }
}

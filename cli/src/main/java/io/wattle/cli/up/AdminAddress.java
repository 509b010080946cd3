package io.wattle.cli.up;

import io.wattle.cli.base.CommandException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Where metrics and readiness are served: {@code [ADDR:]PORT}, loopback unless told otherwise. */
final class AdminAddress {
  private static final int MAX_PORT = 65535;

  private AdminAddress() {}

  static @Nullable InetSocketAddress parse(@Nullable String text) throws CommandException {
    if (text == null) {
      return null;
    }
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port >= 0 && port <= MAX_PORT) {
        return new InetSocketAddress(
            colon < 0
                ? InetAddress.getLoopbackAddress()
                : InetAddress.getByName(text.substring(0, colon).replaceAll("[\\[\\]]", "")),
            port);
      }
    } catch (NumberFormatException | UnknownHostException e) {
      // said below
    }
    throw CommandException.usage(
        "--http-admin: " + text + " (expected: [ADDR:]PORT, port 0 to 65535)");
  }

  /** For people. */
  static String url(InetSocketAddress address, int port) {
    String host = address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : address.getHostString();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}

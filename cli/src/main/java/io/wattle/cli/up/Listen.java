package io.wattle.cli.up;

import io.wattle.cli.base.CommandException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where NATS lets other machines in.
 *
 * @param host an address of this machine, or one that means all of them
 * @param port 0 for any free one
 * @param advertised how else others reach this machine: names, addresses in front of a NAT
 * @param fresh whether credentials and certificates are made anew, so that old tokens end
 */
record Listen(String host, int port, List<String> advertised, boolean fresh) {
  private static final int MAX_PORT = 65535;

  Listen {
    advertised = List.copyOf(advertised);
  }

  /**
   * Reads {@code ADDR[:PORT]}; IPv6 with a port is {@code [ADDR]:PORT}.
   *
   * @throws CommandException unless the address is one of this machine
   */
  static Listen parse(String text, int usualPort, List<String> advertised, boolean fresh)
      throws CommandException {
    int colon = text.lastIndexOf(':');
    boolean bracketed = text.startsWith("[");
    boolean withPort = colon >= 0 && (bracketed ? text.charAt(colon - 1) == ']' : !isIpv6(text));
    String host = withPort ? text.substring(0, colon) : text;
    int port = withPort ? port(text, text.substring(colon + 1)) : usualPort;
    if (bracketed && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new Listen(local(host), port, advertised, fresh);
  }

  private static boolean isIpv6(String text) {
    return text.indexOf(':') != text.lastIndexOf(':');
  }

  private static int port(String text, String port) throws CommandException {
    try {
      int number = Integer.parseInt(port);
      if (number >= 0 && number <= MAX_PORT) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw CommandException.usage("--listen: " + text + " (expected: ADDR[:PORT], port 0 to 65535)");
  }

  private static String local(String host) throws CommandException {
    try {
      InetAddress address = InetAddress.getByName(host);
      if (!host.isBlank()
          && (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null)) {
        return address.getHostAddress();
      }
    } catch (UnknownHostException | SocketException e) {
      // said below
    }
    throw CommandException.usage("--listen: " + host + " is no address of this machine")
        .hint("It has " + String.join(", ", addresses()) + "; 0.0.0.0 means all of them.");
  }

  /** Whether it listens at all addresses. */
  boolean everywhere() {
    return host.equals("0.0.0.0") || host.equals("0:0:0:0:0:0:0:0");
  }

  /** The hosts that others may dial, the best first. */
  List<String> dialled() {
    Set<String> all = new LinkedHashSet<>(advertised);
    if (everywhere()) {
      all.addAll(addresses());
    } else {
      all.add(host);
    }
    return List.copyOf(all);
  }

  /** Addresses of this machine that others may reach, those of IPv4 first. */
  private static List<String> addresses() {
    List<String> four = new ArrayList<>();
    List<String> six = new ArrayList<>();
    try {
      for (NetworkInterface link : NetworkInterface.networkInterfaces().toList()) {
        link.inetAddresses()
            .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress())
            .map(InetAddress::getHostAddress)
            .map(a -> a.replaceAll("%.*", ""))
            .forEach(a -> (a.contains(":") ? six : four).add(a));
      }
    } catch (SocketException e) {
      return List.of(); // then nobody knows
    }
    four.addAll(six);
    return four;
  }
}

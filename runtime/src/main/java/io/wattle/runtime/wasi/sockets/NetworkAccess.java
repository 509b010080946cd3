package io.wattle.runtime.wasi.sockets;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/**
 * What a component may do with the network.
 *
 * @param reach where it may connect and send to; names are resolved for it, and it may then connect
 *     to the addresses that they have
 * @param listen where it may take connections and datagrams from others
 * @param open where a core module listens from its start on: preview 1 cannot open sockets
 */
public record NetworkAccess(
    List<NetworkRule> reach, List<NetworkRule> listen, List<InetSocketAddress> open) {
  /** Nothing. */
  public static final NetworkAccess NONE = new NetworkAccess(List.of(), List.of());

  /** Without sockets that are open from the start on. */
  public NetworkAccess(List<NetworkRule> reach, List<NetworkRule> listen) {
    this(reach, listen, List.of());
  }

  public NetworkAccess {
    open = List.copyOf(open);
    reach = List.copyOf(reach);
    listen = List.copyOf(listen);
  }

  /**
   * Whether it may send there what the host sends for it, as HTTP requests: by the name it says, or
   * by an address. A name is resolved by whoever sends.
   *
   * @param host a name or an address, IPv6 without brackets
   */
  public boolean reaches(String host, int port) {
    InetSocketAddress address;
    try {
      address = new InetSocketAddress(InetAddress.ofLiteral(host), port);
    } catch (IllegalArgumentException e) {
      String name = host.toLowerCase(Locale.ROOT);
      return reach.stream().anyMatch(rule -> rule.isNamed(name) && rule.hasPort(port));
    }
    return reach.stream().anyMatch(rule -> rule.names(address));
  }

  boolean isNone() {
    return reach.isEmpty() && listen.isEmpty();
  }
}

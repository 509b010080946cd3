package io.wattle.runtime.wasi.sockets;

import java.net.InetSocketAddress;
import java.util.List;

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

  boolean isNone() {
    return reach.isEmpty() && listen.isEmpty();
  }
}

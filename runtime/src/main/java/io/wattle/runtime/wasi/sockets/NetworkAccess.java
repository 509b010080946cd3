package io.wattle.runtime.wasi.sockets;

import java.util.List;

/**
 * What a component may do with the network.
 *
 * @param reach where it may connect and send to; names are resolved for it, and it may then connect
 *     to the addresses that they have
 * @param listen where it may take connections and datagrams from others
 */
public record NetworkAccess(List<NetworkRule> reach, List<NetworkRule> listen) {
  /** Nothing. */
  public static final NetworkAccess NONE = new NetworkAccess(List.of(), List.of());

  public NetworkAccess {
    reach = List.copyOf(reach);
    listen = List.copyOf(listen);
  }

  boolean isNone() {
    return reach.isEmpty() && listen.isEmpty();
  }
}

package io.wattle.runtime.wasi.sockets;

import io.wattle.runtime.host.HostCall;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The sockets of one instance, closed with it, and what it may do with them. */
final class Sockets implements AutoCloseable {
  /** How many an instance may have at a time; one more is {@code new-socket-limit}. */
  static final int MOST = 64;

  /** Names that an instance is told the addresses of. */
  private static final int MOST_NAMES = 1024;

  private final NetworkAccess access;
  private final Set<Object> open = new HashSet<>();
  private final Set<SelectableChannel> channels = new HashSet<>();
  private final Map<InetAddress, Set<String>> resolved = new HashMap<>();
  private int lookups;

  private Sockets(NetworkAccess access) {
    this.access = access;
  }

  static Sockets of(HostCall call, NetworkAccess access) {
    return call.state(Sockets.class, () -> new Sockets(access));
  }

  /** Counts one more. */
  synchronized void add(Object socket) throws NetworkException {
    if (open.size() >= MOST) {
      throw ErrorCode.NEW_SOCKET_LIMIT.failure();
    }
    open.add(socket);
  }

  synchronized void remove(Object socket) {
    open.remove(socket);
  }

  /** A channel that is to be closed with the instance, unless it is let go before. */
  synchronized <C extends SelectableChannel> C keep(C channel) {
    channels.add(channel);
    return channel;
  }

  synchronized void letGo(SelectableChannel channel) {
    channels.remove(channel);
  }

  void close(SelectableChannel channel) {
    letGo(channel);
    Reactor.close(channel);
  }

  void checkAny() throws NetworkException {
    if (access.isNone()) {
      throw ErrorCode.ACCESS_DENIED.failure();
    }
  }

  void checkReach(InetSocketAddress remote) throws NetworkException {
    if (!mayReach(remote)) {
      throw ErrorCode.ACCESS_DENIED.failure();
    }
  }

  synchronized boolean mayReach(InetSocketAddress remote) {
    Set<String> names = resolved.getOrDefault(remote.getAddress(), Set.of());
    return access.reach().stream()
        .anyMatch(
            rule ->
                rule.names(remote)
                    || (rule.hasPort(remote.getPort()) && names.stream().anyMatch(rule::isNamed)));
  }

  boolean mayListen(InetSocketAddress local) {
    return access.listen().stream().anyMatch(rule -> rule.names(local));
  }

  /** A socket that is bound to no port in particular, to reach others. */
  boolean mayBindAnywhere(InetSocketAddress local) {
    return local.getPort() == 0 && !access.reach().isEmpty();
  }

  synchronized void checkLookup(String name) throws NetworkException {
    String lower = name.toLowerCase(Locale.ROOT);
    if (access.reach().stream().noneMatch(rule -> rule.isNamed(lower))) {
      throw ErrorCode.ACCESS_DENIED.failure();
    }
    lookups++;
    if (lookups > MOST_NAMES) {
      throw ErrorCode.TEMPORARY_RESOLVER_FAILURE.failure();
    }
  }

  /** From now on it may connect to these addresses where it may connect to the name. */
  synchronized void remember(String name, List<InetAddress> addresses) {
    for (InetAddress address : addresses) {
      resolved.computeIfAbsent(address, a -> new HashSet<>()).add(name.toLowerCase(Locale.ROOT));
    }
  }

  @Override
  public synchronized void close() {
    channels.forEach(Reactor::close);
    channels.clear();
    open.clear();
  }
}

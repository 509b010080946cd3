package io.wattle.lattice.nats;

import java.util.List;

/**
 * A server's place in a cluster. Its routes to the others use the server's certificate on both
 * sides when it has one: only servers that the same authority vouches for are let in.
 *
 * @param serverName its name, unlike those of the others; where it is kept, its data is too
 * @param cluster the cluster's name
 * @param port where it listens for the others, at the same address as for clients; 0 for any free
 *     one
 * @param routes {@code host:port} of all members
 */
public record ClusterMember(String serverName, String cluster, int port, List<String> routes) {
  public ClusterMember {
    routes = List.copyOf(routes);
    if (routes.isEmpty()) {
      throw new IllegalArgumentException("routes: none (expected: one for each member)");
    }
  }
}

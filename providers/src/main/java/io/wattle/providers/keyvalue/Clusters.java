package io.wattle.providers.keyvalue;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.wattle.providers.LinkException;
import io.wattle.providers.ProviderContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections by {@code cluster_uri}: the lattice's own when none is named or it is the one, else
 * one for each.
 */
final class Clusters implements AutoCloseable {
  private static final int DEFAULT_PORT = 4222;

  private final ProviderContext context;
  private final Map<String, Connection> others = new ConcurrentHashMap<>();

  Clusters(ProviderContext context) {
    this.context = context;
  }

  /** One caller at a time. */
  Connection connection(Optional<String> clusterUri) throws LinkException, InterruptedException {
    if (clusterUri.isEmpty() || isOurs(clusterUri.get())) {
      return context.nats();
    }
    Connection connection = others.get(clusterUri.get());
    if (connection == null) {
      connection = connect(clusterUri.get());
      others.put(clusterUri.get(), connection);
    }
    return connection;
  }

  /** Which connection was given up for good, as after credentials were refused. */
  Optional<String> dead() {
    return others.entrySet().stream()
        .filter(other -> other.getValue().getStatus() == Connection.Status.CLOSED)
        .map(other -> "the connection to " + place(other.getKey()) + " was given up")
        .findFirst();
  }

  private boolean isOurs(String uri) {
    String ours = context.nats().getConnectedUrl();
    return ours != null && place(uri).equals(place(ours));
  }

  private static String place(String uri) {
    URI parsed = URI.create(uri.contains("://") ? uri : "nats://" + uri);
    int port = parsed.getPort() < 0 ? DEFAULT_PORT : parsed.getPort();
    String host = String.valueOf(parsed.getHost());
    return (host.equals("localhost") || host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + port;
  }

  private Connection connect(String uri) throws LinkException, InterruptedException {
    try {
      return Nats.connect(
          new Options.Builder()
              .server(uri)
              .connectionName("wattle " + context.providerId())
              .connectionTimeout(Duration.ofSeconds(5))
              .maxReconnects(-1)
              .build());
    } catch (IOException | IllegalArgumentException e) {
      throw new LinkException(
          "cluster_uri: "
              + uri
              + " is not reached: "
              + e.getMessage()
              + " (leave it out to use the lattice's own NATS)",
          e);
    }
  }

  @Override
  public void close() {
    for (Connection other : others.values()) {
      try {
        other.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    others.clear();
  }
}

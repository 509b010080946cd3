package io.wattle.providers.nats;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.wattle.lattice.tls.Tls;
import io.wattle.lattice.tls.Trust;
import io.wattle.providers.LinkException;
import io.wattle.providers.ProviderContext;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * Connections to the servers that links name: the lattice's own when none is named or it is the
 * one, else one for each.
 */
public final class NatsConnections implements AutoCloseable {
  private static final int DEFAULT_PORT = 4222;

  private final ProviderContext context;
  private final Map<NatsTarget, Connection> others = new ConcurrentHashMap<>();

  public NatsConnections(ProviderContext context) {
    this.context = context;
  }

  /**
   * The connection to a server. One caller at a time.
   *
   * @throws LinkException when it is not reached, or refuses us
   */
  public Connection connection(NatsTarget target) throws LinkException, InterruptedException {
    if (target.isPlain()
        && (target.uris().isEmpty() || target.uris().stream().anyMatch(this::isOurs))) {
      return context.nats();
    }
    Connection connection = others.get(target);
    if (connection == null) {
      connection = connect(target);
      others.put(target, connection);
    }
    return connection;
  }

  /** Whether it is the lattice's own, by which hosts are commanded. */
  public boolean isLattice(Connection connection) {
    return connection == context.nats();
  }

  /** Whether the lattice's own is there. The others come back by themselves, or are dead. */
  public Optional<String> problem() {
    return context.nats().getStatus() == Connection.Status.CONNECTED
        ? Optional.empty()
        : Optional.of("NATS is not reached: " + context.nats().getStatus());
  }

  /** Which connection was given up for good, as after credentials were refused. */
  public Optional<String> dead() {
    return others.entrySet().stream()
        .filter(other -> other.getValue().getStatus() == Connection.Status.CLOSED)
        .map(other -> "the connection to " + other.getKey().uris() + " was given up")
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

  private Connection connect(NatsTarget target) throws LinkException, InterruptedException {
    try {
      Options.Builder options =
          new Options.Builder()
              .servers(
                  target.uris().isEmpty()
                      ? new String[] {String.valueOf(context.nats().getConnectedUrl())}
                      : target.uris().toArray(String[]::new))
              .connectionName("wattle " + context.providerId())
              .connectionTimeout(Duration.ofSeconds(5))
              .maxReconnects(-1);
      target
          .login()
          .ifPresent(
              login ->
                  options.authHandler(
                      Nats.staticCredentials(
                          login.jwt().toCharArray(), login.seed().toCharArray())));
      target.inboxPrefix().ifPresent(options::inboxPrefix);
      if (target.authorities().isPresent()) {
        trust(target.authorities().get()).ifPresent(options::sslContext);
      }
      return Nats.connect(options.build());
    } catch (IOException | IllegalArgumentException e) {
      throw new LinkException(
          "NATS at "
              + target.uris()
              + " is not reached: "
              + e.getMessage()
              + " (name no address to use the lattice's own)",
          e);
    }
  }

  private static Optional<SSLContext> trust(String pem) throws IOException {
    Path file = Files.createTempFile("wattle-authorities", ".pem");
    try {
      Files.writeString(file, pem);
      return Trust.of(new Tls.CaFile(file)).context();
    } finally {
      Files.delete(file);
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

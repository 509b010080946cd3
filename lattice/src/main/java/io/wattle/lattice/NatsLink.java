package io.wattle.lattice;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.ReaderDispatchers;
import io.wattle.lattice.tls.Trust;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One jnats connection and those who want to know its state. */
final class NatsLink {
  private final List<Consumer<ConnectionState>> listeners = new CopyOnWriteArrayList<>();
  private final QuietErrors errors = new QuietErrors();
  private final ConnectionListener listener = this::event;
  private volatile ConnectionState state = ConnectionState.LOST;
  private volatile @Nullable Connection connection;

  private NatsLink() {}

  static NatsLink connect(LatticeOptions options) throws InterruptedException {
    NatsLink link = new NatsLink();
    Trust trust = trust(options);
    try {
      link.connection = Nats.connect(link.natsOptions(options, trust));
      link.changed(ConnectionState.CONNECTED);
      return link;
    } catch (AuthenticationException e) {
      throw notAllowed(options, e);
    } catch (IOException e) {
      if (e.getCause() instanceof AuthenticationException
          || String.valueOf(e.getMessage()).contains("Authorization")
          || String.valueOf(e.getMessage()).contains("Authentication")) {
        throw notAllowed(options, e);
      }
      if (trust.objection().isPresent()) {
        throw new LatticeException(
            LatticeException.Kind.NOT_ALLOWED,
            "NATS at " + options.url() + " is not trusted: " + trust.objection().get(),
            e);
      }
      if (link.errors.disagreement().isPresent()) {
        throw new LatticeException(
            LatticeException.Kind.NOT_ALLOWED,
            "NATS at " + options.url() + " " + link.errors.disagreement().get(),
            e);
      }
      throw new LatticeException(
          LatticeException.Kind.UNREACHABLE,
          "NATS not reached at "
              + options.url()
              + ": start one (`wattle up`, or `nats-server -js`), or name another with --nats-url",
          e);
    } catch (IllegalArgumentException e) {
      throw new LatticeException(
          LatticeException.Kind.UNREACHABLE,
          "url: " + options.url() + " (expected: nats://host:port): " + e.getMessage(),
          e);
    }
  }

  /** Somebody else's connection; from now on its state is followed. */
  static NatsLink over(Connection connection) {
    NatsLink link = new NatsLink();
    link.connection = connection;
    connection.addConnectionListener(link.listener);
    if (connection.getStatus() == Connection.Status.CONNECTED) {
      link.changed(ConnectionState.CONNECTED);
    }
    return link;
  }

  /** Ends {@link #over}. */
  void detach() {
    connection().removeConnectionListener(listener);
  }

  private static Trust trust(LatticeOptions options) {
    try {
      return Trust.of(options.tls());
    } catch (IllegalArgumentException e) {
      throw new LatticeException(
          LatticeException.Kind.UNREACHABLE, String.valueOf(e.getMessage()), e);
    }
  }

  private static LatticeException notAllowed(LatticeOptions options, Exception e) {
    return new LatticeException(
        LatticeException.Kind.NOT_ALLOWED,
        "NATS at "
            + options.url()
            + " refused "
            + options.credentials()
            + ": give a user and password, a creds file, or a JWT and seed that it knows",
        e);
  }

  private Options natsOptions(LatticeOptions options, Trust trust) {
    Options.Builder builder =
        new Options.Builder()
            .servers(options.url().split(","))
            .connectionName(options.connectionName())
            .connectionTimeout(options.connectTimeout())
            .reportNoResponders()
            .maxReconnects(-1)
            .reconnectWait(Duration.ofMillis(250))
            .reconnectJitter(Duration.ofMillis(500))
            .reconnectBufferSize(8L * 1024 * 1024)
            .pingInterval(Duration.ofSeconds(5))
            .maxPingsOut(2)
            .requestCleanupInterval(Duration.ofSeconds(1))
            .dispatcherFactory(new ReaderDispatchers())
            .connectionListener(listener)
            .errorListener(errors);
    trust.context().ifPresent(builder::sslContext);
    switch (options.credentials()) {
      case Credentials.None none -> {}
      case Credentials.UserPassword(String user, String password) ->
          builder.userInfo(user.toCharArray(), password.toCharArray());
      case Credentials.Token(String token) -> builder.token(token.toCharArray());
      case Credentials.CredsFile(java.nio.file.Path file) ->
          builder.authHandler(Nats.credentials(file.toString()));
      case Credentials.JwtSeed(String jwt, String seed) ->
          builder.authHandler(Nats.staticCredentials(jwt.toCharArray(), seed.toCharArray()));
    }
    return builder.build();
  }

  private void event(Connection source, ConnectionListener.Events event) {
    switch (event) {
      case CONNECTED, RECONNECTED, RESUBSCRIBED -> changed(ConnectionState.CONNECTED);
      case DISCONNECTED -> changed(ConnectionState.LOST);
      case CLOSED -> changed(ConnectionState.CLOSED);
      case DISCOVERED_SERVERS, LAME_DUCK -> {}
    }
  }

  private synchronized void changed(ConnectionState now) {
    if (state == now || state == ConnectionState.CLOSED) {
      return;
    }
    state = now;
    listeners.forEach(listener -> listener.accept(now));
  }

  Connection connection() {
    Connection there = connection;
    if (there == null) {
      throw new LatticeException(LatticeException.Kind.UNREACHABLE, "not connected yet");
    }
    return there;
  }

  ConnectionState state() {
    return state;
  }

  synchronized Subscription onState(Consumer<ConnectionState> listener) {
    listeners.add(listener);
    listener.accept(state);
    return () -> listeners.remove(listener);
  }

  void close() {
    Connection there = connection;
    if (there == null) {
      return;
    }
    try {
      if (there.getStatus() == Connection.Status.CONNECTED) {
        there.flush(Duration.ofSeconds(1));
      }
      there.close();
    } catch (TimeoutException e) {
      closeAnyway(there);
    } catch (InterruptedException e) {
      closeAnyway(there);
      Thread.currentThread().interrupt();
    }
  }

  private static void closeAnyway(Connection there) {
    try {
      there.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.wattle.providers.redis;

import io.wattle.lattice.keyvalue.KeyValueError;
import io.wattle.lattice.keyvalue.KeyValueException;
import io.wattle.wit.io.Deadline;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Connections to one Redis. A command that certainly did not change anything is tried again on a
 * new connection when Redis was away; others fail with the outcome unknown. Thread-safe.
 */
final class RedisPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisPool.class);
  private static final int MOST_CONNECTIONS = 64;
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final RedisSettings settings;
  private final ConnectionPool connections;
  private volatile Optional<String> problem = Optional.empty();

  RedisPool(RedisSettings settings) {
    this.settings = settings;
    ConnectionPoolConfig config = new ConnectionPoolConfig();
    config.setMaxTotal(MOST_CONNECTIONS);
    config.setMaxIdle(MOST_CONNECTIONS);
    config.setMinIdle(0);
    config.setJmxEnabled(false);
    config.setTestWhileIdle(false);
    this.connections =
        new ConnectionPool(
            settings.address(), client(settings, settings.responseTimeout()), config);
  }

  /** How a connection is made; {@code silence} is the longest wait for an answer, 0 for ever. */
  static DefaultJedisClientConfig client(RedisSettings settings, Duration silence) {
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .resp2()
            .autoNegotiateProtocol(false)
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .connectionTimeoutMillis(millis(settings.connectTimeout()))
            .socketTimeoutMillis(millis(silence))
            .blockingSocketTimeoutMillis(millis(silence))
            .database(settings.database());
    if (settings.tls()) {
      client.sslOptions(SslOptions.defaults());
    }
    settings.user().ifPresent(client::user);
    settings.password().ifPresent(client::password);
    return client.build();
  }

  /** Some commands on one connection. */
  interface Commands<T> {
    T run(Connection connection);
  }

  /**
   * Runs commands.
   *
   * @param what for the error: {@code get k}
   * @param repeatable whether doing it twice is the same as doing it once
   */
  <T> T run(String what, Deadline deadline, boolean repeatable, Commands<T> commands)
      throws KeyValueException, InterruptedException {
    long pause = FIRST_PAUSE_NANOS;
    for (int tries = 0; ; tries++) {
      @Nullable Connection connection = null;
      try {
        connection = borrow(deadline);
        connection.setSoTimeout(patience(deadline));
        T result = commands.run(connection);
        problem = Optional.empty();
        connections.returnObject(connection);
        connection = null;
        return result;
      } catch (JedisDataException e) {
        problem = Optional.empty();
        throw refused(what, e);
      } catch (JedisConnectionException e) {
        interrupted();
        boolean sent = connection != null;
        boolean silent = e.getCause() instanceof SocketTimeoutException && sent;
        // Whatever stands idle comes from before.
        connections.clear();
        if (silent
            || (sent && !repeatable)
            || tries >= settings.retries()
            || deadline.nanosLeft() <= pause) {
          throw away(what, e, sent && !repeatable, deadline);
        }
      } finally {
        giveBack(connection);
      }
      LockSupport.parkNanos(pause);
      interrupted();
      pause = Math.min(2 * pause, Math.max(1, settings.longestPause().toNanos()));
    }
  }

  /** Why it was not reached the last time, empty when it was. */
  Optional<String> problem() {
    return problem;
  }

  @Override
  public void close() {
    connections.close();
  }

  @Override
  public String toString() {
    return settings.toString();
  }

  private Connection borrow(Deadline deadline) throws KeyValueException, InterruptedException {
    Duration wait = deadline.atMost(settings.connectTimeout()).left();
    try {
      return connections.borrowObject(wait);
    } catch (NoSuchElementException e) {
      throw KeyValueException.other(
          this
              + ": all "
              + MOST_CONNECTIONS
              + " connections were busy for "
              + wait.toMillis()
              + " ms");
    } catch (InterruptedException | JedisDataException | JedisConnectionException e) {
      throw e;
    } catch (JedisException e) {
      throw new JedisConnectionException(e);
    } catch (Exception e) {
      throw KeyValueException.other(this + ": " + e.getMessage());
    }
  }

  private void giveBack(@Nullable Connection connection) {
    if (connection == null) {
      return;
    }
    try {
      // After an error it may be in the middle of an answer or a transaction.
      connections.invalidateObject(connection);
    } catch (Exception e) {
      LOG.debug("{}: a connection was not closed: {}", this, e.getMessage());
    }
  }

  private int patience(Deadline deadline) {
    return Math.max(1, millis(deadline.atMost(settings.responseTimeout()).left()));
  }

  private KeyValueException refused(String what, JedisDataException e) {
    String text = String.valueOf(e.getMessage());
    if (text.startsWith("WRONGPASS") || text.startsWith("NOAUTH") || text.startsWith("NOPERM")) {
      problem = Optional.of(this + ": " + text);
      return new KeyValueException(KeyValueError.AccessDenied.ACCESS_DENIED);
    }
    if (text.startsWith("WRONGTYPE")) {
      return KeyValueException.other(
          what + ": the key holds another type of value in " + this + " (expected: a string)");
    }
    return KeyValueException.other(what + ": " + this + " answered: " + text);
  }

  private KeyValueException away(
      String what, JedisConnectionException e, boolean unknown, Deadline deadline) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String why =
        root instanceof SocketTimeoutException
            ? deadline.passed()
                ? "no answer before the deadline"
                : "no answer within " + settings.responseTimeout().toMillis() + " ms"
            : String.valueOf(root.getMessage());
    String text = "Redis at " + this + " is not reached: " + why;
    problem = Optional.of(text);
    return KeyValueException.other(
        what + ": " + text + (unknown ? " (it may or may not have been done)" : ""));
  }

  private static void interrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private static int millis(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
  }
}

package io.wattle.providers.redis;

import io.wattle.lattice.keyvalue.KeyValueException;
import io.wattle.providers.LinkException;
import io.wattle.providers.watch.ChangeTeller;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Hears of changes of keys by Redis' keyspace notifications, on a connection of its own, and tells
 * them. A notification says that a key was set, not to what: the value is read after it, so of two
 * changes that follow fast the component may be told the second one's value twice. What happens
 * while the connection is away is not heard of: Redis does not keep notifications.
 */
final class RedisWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisWatch.class);
  private static final Duration SILENCE = Duration.ofSeconds(20);
  private static final Duration READ = Duration.ofSeconds(10);
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Commands that give a string key a value, as notifications name them. */
  private static final Set<String> SETS =
      Set.of("set", "setrange", "append", "incrby", "incrbyfloat");

  /** How keys go. */
  private static final Set<String> DELETES = Set.of("del", "expired", "evicted");

  private final RedisSettings settings;
  private final RedisBucket values;
  private final ChangeTeller teller;
  private final String prefix;
  private final CompletableFuture<Boolean> first = new CompletableFuture<>();
  private final Thread thread;
  private volatile Optional<Listener> listening = Optional.empty();
  private volatile Optional<String> problem = Optional.empty();
  private volatile boolean closed;

  private RedisWatch(RedisSettings settings, RedisPool pool, ChangeTeller teller) {
    this.settings = settings;
    this.values = new RedisBucket(pool);
    this.teller = teller;
    this.prefix = "__keyspace@" + settings.database() + "__:";
    this.thread = Thread.ofVirtual().name("redis-watch").unstarted(this::run);
  }

  /** Returns when it listens. */
  static RedisWatch open(RedisSettings settings, RedisPool pool, ChangeTeller teller)
      throws LinkException, InterruptedException {
    checkNotifications(settings, pool);
    RedisWatch watch = new RedisWatch(settings, pool, teller);
    boolean open = false;
    try {
      watch.thread.start();
      watch.awaitFirst();
      open = true;
      return watch;
    } finally {
      if (!open) {
        watch.close();
      }
    }
  }

  /** Why it hears of nothing now. */
  Optional<String> problem() {
    return problem;
  }

  /** To be called now and then: an answer shows that the connection lives. */
  void check() {
    listening.ifPresent(
        listener -> {
          try {
            if (listener.isSubscribed()) {
              listener.ping();
            }
          } catch (JedisException e) {
            LOG.debug("{}: {}", settings, e.getMessage()); // its thread finds out
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    teller.close();
    thread.interrupt(); // also closes a socket that it reads from
  }

  private static void checkNotifications(RedisSettings settings, RedisPool pool)
      throws LinkException, InterruptedException {
    List<String> answer;
    try {
      answer =
          pool.run(
              "read notify-keyspace-events",
              Deadline.in(READ),
              true,
              redis -> {
                redis.sendCommand(Command.CONFIG, "GET", "notify-keyspace-events");
                return redis.getMultiBulkReply();
              });
    } catch (KeyValueException e) {
      // Services that people rent often do not let them look.
      LOG.info("{}: whether it notifies is not known: {}", settings, e.getMessage());
      return;
    }
    String flags = answer.size() < 2 ? "" : answer.get(1);
    boolean enough =
        flags.contains("K")
            && (flags.contains("A") || (flags.contains("$") && flags.contains("g")));
    if (!enough) {
      throw new LinkException(
          "Redis at "
              + settings
              + " does not tell of changes: notify-keyspace-events is \""
              + flags
              + "\" (expected: K$g at least; redis-cli CONFIG SET notify-keyspace-events K$g)");
    }
  }

  private void awaitFirst() throws LinkException, InterruptedException {
    Duration wait = settings.connectTimeout().plus(settings.responseTimeout());
    try {
      var _ = first.get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new LinkException(
          "Redis at " + settings + " cannot be watched: " + cause.getMessage(), cause);
    }
  }

  private void run() {
    String[] channels =
        teller.keys().changes().keySet().stream().map(prefix::concat).toArray(String[]::new);
    long pause = FIRST_PAUSE_NANOS;
    while (!closed) {
      Listener listener = new Listener(channels.length);
      try (Connection connection =
          new Connection(settings.address(), RedisPool.client(settings, SILENCE))) {
        listening = Optional.of(listener);
        listener.proceed(connection, channels);
      } catch (JedisException e) {
        if (!closed && problem.isEmpty()) {
          LOG.warn("{}: no changes are heard of: {}", settings, e.getMessage());
        }
        problem = Optional.of("Redis at " + settings + " is not reached for watching");
        first.completeExceptionally(e);
      } finally {
        listening = Optional.empty();
      }
      pause = listener.heard() ? FIRST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      if (!closed) {
        LockSupport.parkNanos(pause);
      }
    }
  }

  private void changed(String key, String event) throws InterruptedException {
    if (DELETES.contains(event)) {
      teller.deleted(key);
    } else if (SETS.contains(event)) {
      try {
        Optional<byte[]> value = values.get(Deadline.in(READ), key);
        if (value.isPresent()) { // else it is gone again, which is told next
          teller.set(key, value.get());
        }
      } catch (KeyValueException e) {
        LOG.warn("{}: a change of {} is not told: {}", settings, key, e.getMessage());
      }
    }
  }

  /** Runs on the thread of the watch; one change waits for the one before it. */
  private final class Listener extends JedisPubSub {
    private final int wanted;
    private volatile boolean heard;

    Listener(int wanted) {
      this.wanted = wanted;
    }

    boolean heard() {
      return heard;
    }

    @Override
    public void onSubscribe(String channel, int count) {
      if (count == wanted) {
        heard = true;
        problem = Optional.empty();
        first.complete(true);
      }
    }

    @Override
    public void onMessage(String channel, String event) {
      try {
        if (!closed) {
          changed(channel.substring(prefix.length()), event);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

package io.wattle.providers.redis;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.keyvalue.KeyValueError;
import io.wattle.lattice.keyvalue.KeyValueException;
import io.wattle.lattice.keyvalue.KeyValueFunctions;
import io.wattle.lattice.keyvalue.KeyValueStore;
import io.wattle.providers.LinkException;
import io.wattle.providers.LinkTable;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderExport;
import io.wattle.providers.ProviderLink;
import io.wattle.providers.watch.ChangeTeller;
import io.wattle.providers.watch.WatchedKeys;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Key-value stores in Redis. A link says where ({@code url}); the identifier a component opens is
 * the link's name, as with keyvalue-nats, so that one can take the other's place. Components with
 * links to one database see each other's keys, as with wasmCloud's provider (lattice reference,
 * section 7.8).
 */
final class KeyValueRedis implements Provider {
  private static final Duration CHECK = Duration.ofSeconds(5);

  private final ProviderContext context;
  private final LinkTable<RedisBucket, RedisWatch> links = new LinkTable<>(RedisWatch::close);
  private final Map<RedisSettings, RedisPool> pools = new ConcurrentHashMap<>();
  private final Map<ProviderLink.Key, RedisSettings> used = new ConcurrentHashMap<>();
  private final ScheduledExecutorService checks;
  private final ScheduledFuture<?> checking;
  private final List<ProviderExport> exports;
  private volatile Map<String, String> config;

  KeyValueRedis(ProviderContext context) {
    this.context = context;
    this.config = context.config();
    this.exports =
        KeyValueFunctions.of(new Store()).stream()
            .map(f -> new ProviderExport(f.instance(), f.name(), List.of(), f.handler()))
            .toList();
    this.checks =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("redis-check-" + context.providerId()).daemon().factory());
    this.checking =
        checks.scheduleWithFixedDelay(
            this::check, CHECK.toMillis(), CHECK.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public List<ProviderExport> exports() {
    return exports;
  }

  @Override
  public void putLink(ProviderLink link) throws LinkException, InterruptedException {
    if (links.has(link)) {
      return;
    }
    boolean source = link.sourceId().equals(context.providerId());
    if (!source && !link.target().equals(context.providerId())) {
      throw new LinkException("link to " + link.target() + ": it is not one of keyvalue-redis");
    }
    RedisSettings settings =
        RedisSettings.of(config, source ? link.sourceConfig() : link.targetConfig());
    RedisPool pool = pools.computeIfAbsent(settings, RedisPool::new);
    try {
      if (source) {
        watch(link, settings, pool);
      } else {
        reach(pool, settings);
        links.use(link, new RedisBucket(pool));
      }
      used.put(link.key(), settings);
    } finally {
      closeUnused();
    }
  }

  /** The component hears of changes from now on; those it heard of before end then. */
  private void watch(ProviderLink link, RedisSettings settings, RedisPool pool)
      throws LinkException, InterruptedException {
    ChangeTeller teller = new ChangeTeller(context, link, WatchedKeys.of(link));
    reach(pool, settings);
    links.run(link, RedisWatch.open(settings, pool, teller));
  }

  @Override
  public void deleteLink(ProviderLink.Key key) {
    links.remove(key);
    if (used.remove(key) != null) {
      closeUnused();
    }
  }

  /** Of use for links that are put from now on; those that are there keep their connection. */
  @Override
  public void updateConfig(Map<String, String> update) {
    config = Map.copyOf(update);
  }

  @Override
  public Optional<String> problem() {
    return Stream.concat(
            pools.values().stream().flatMap(pool -> pool.problem().stream()),
            links.running().stream().flatMap(watch -> watch.problem().stream()))
        .findFirst();
  }

  @Override
  public Optional<String> dead() {
    return checking.isDone() && !checks.isShutdown()
        ? Optional.of("its looks at Redis have ended")
        : Optional.empty();
  }

  @Override
  public void close() {
    checks.shutdownNow();
    links.clear();
    pools.values().forEach(RedisPool::close);
  }

  private static void reach(RedisPool pool, RedisSettings settings)
      throws LinkException, InterruptedException {
    try {
      ping(pool, settings.connectTimeout().plus(settings.responseTimeout()));
    } catch (KeyValueException e) {
      boolean denied = e.error() instanceof KeyValueError.AccessDenied;
      throw new LinkException(
          denied
              ? "Redis at "
                  + settings
                  + " refuses: wrong user or password, or none (expected in url:"
                  + " redis://USER:PASSWORD@HOST:PORT/)"
              : e.getMessage() + "; is it running, and is url right?",
          e);
    }
  }

  private static void ping(RedisPool pool, Duration within)
      throws KeyValueException, InterruptedException {
    var _ = pool.run("ping", Deadline.in(within), true, redis -> redis.ping());
  }

  private void check() {
    links.running().forEach(RedisWatch::check);
    for (Map.Entry<RedisSettings, RedisPool> entry : pools.entrySet()) {
      try {
        ping(entry.getValue(), entry.getKey().responseTimeout());
      } catch (KeyValueException e) {
        // The pool remembers it as its problem.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void closeUnused() {
    pools
        .entrySet()
        .removeIf(
            entry -> {
              boolean unused = !used.containsValue(entry.getKey());
              if (unused) {
                entry.getValue().close();
              }
              return unused;
            });
  }

  /**
   * The store that callers see: it finds their bucket by who they are and over which link they
   * call.
   */
  private final class Store implements KeyValueStore {

    private RedisBucket bucket(CallContext call, String identifier) throws KeyValueException {
      RedisBucket bucket = identifier.isEmpty() ? links.of(call) : links.of(call, identifier);
      if (bucket == null) {
        throw new KeyValueException(KeyValueError.NoSuchStore.NO_SUCH_STORE);
      }
      return bucket;
    }

    @Override
    public Optional<byte[]> get(CallContext call, String bucket, String key)
        throws KeyValueException, InterruptedException {
      return bucket(call, bucket).get(call.deadline(), key);
    }

    @Override
    public void set(CallContext call, String bucket, String key, byte[] value)
        throws KeyValueException, InterruptedException {
      bucket(call, bucket).set(call.deadline(), key, value);
    }

    @Override
    public void delete(CallContext call, String bucket, String key)
        throws KeyValueException, InterruptedException {
      bucket(call, bucket).delete(call.deadline(), List.of(key));
    }

    @Override
    public boolean exists(CallContext call, String bucket, String key)
        throws KeyValueException, InterruptedException {
      return bucket(call, bucket).exists(call.deadline(), key);
    }

    @Override
    public Keys listKeys(CallContext call, String bucket, OptionalLong cursor)
        throws KeyValueException, InterruptedException {
      return bucket(call, bucket).keys(call.deadline(), cursor);
    }

    @Override
    public long increment(CallContext call, String bucket, String key, long delta)
        throws KeyValueException, InterruptedException {
      return bucket(call, bucket).increment(call.deadline(), key, delta);
    }

    @Override
    public List<Optional<Map.Entry<String, byte[]>>> getMany(
        CallContext call, String bucket, List<String> keys)
        throws KeyValueException, InterruptedException {
      return bucket(call, bucket).getMany(call.deadline(), keys);
    }

    @Override
    public void setMany(CallContext call, String bucket, List<Map.Entry<String, byte[]>> entries)
        throws KeyValueException, InterruptedException {
      bucket(call, bucket).setMany(call.deadline(), entries);
    }

    @Override
    public void deleteMany(CallContext call, String bucket, List<String> keys)
        throws KeyValueException, InterruptedException {
      bucket(call, bucket).delete(call.deadline(), keys);
    }
  }
}

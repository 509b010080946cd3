package io.wattle.providers.keyvalue;

import io.micrometer.core.instrument.Counter;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueManagement;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.StorageType;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.keyvalue.KeyValueError;
import io.wattle.lattice.keyvalue.KeyValueException;
import io.wattle.lattice.keyvalue.KeyValueFunctions;
import io.wattle.lattice.keyvalue.KeyValueStore;
import io.wattle.lattice.kv.Replicas;
import io.wattle.providers.LinkException;
import io.wattle.providers.LinkTable;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderExport;
import io.wattle.providers.ProviderLink;
import io.wattle.providers.nats.NatsConnections;
import io.wattle.providers.nats.NatsTarget;
import io.wattle.providers.watch.ChangeTeller;
import io.wattle.providers.watch.WatchedKeys;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/**
 * Key-value stores in JetStream. A link names the NATS bucket ({@code bucket}); the identifier a
 * component opens is the link's name, as with wasmCloud's provider (lattice reference, section
 * 7.8).
 */
final class KeyValueNats implements Provider {
  private static final int BUCKET_NOT_FOUND = 10059;

  private final ProviderContext context;
  private final NatsConnections clusters;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Counter retries;
  private final LinkTable<Bucket, NatsWatch> links = new LinkTable<>(NatsWatch::close);
  private final List<ProviderExport> exports;
  private volatile Map<String, String> config;

  KeyValueNats(ProviderContext context) {
    this.context = context;
    this.config = context.config();
    this.clusters = new NatsConnections(context);
    this.retries =
        Counter.builder("wattle.keyvalue.retries")
            .description("writes repeated because another writer came first")
            .tag("provider", context.providerId())
            .register(context.metrics());
    this.exports =
        KeyValueFunctions.of(new Store()).stream()
            .map(f -> new ProviderExport(f.instance(), f.name(), List.of(), f.handler()))
            .toList();
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
    if (link.sourceId().equals(context.providerId())) {
      watch(link);
    } else if (link.target().equals(context.providerId())) {
      links.use(link, bucket(open(link, settings(link.targetConfig()))));
    } else {
      throw new LinkException("link to " + link.target() + ": it is not one of keyvalue-nats");
    }
  }

  /** The component hears of changes from now on; those it heard of before end then. */
  private void watch(ProviderLink link) throws LinkException, InterruptedException {
    ChangeTeller teller = new ChangeTeller(context, link, WatchedKeys.of(link));
    Map<String, String> settings = settings(link.sourceConfig());
    String bucket = open(link, settings).getBucketName();
    links.run(link, NatsWatch.open(connection(settings), bucket, teller));
  }

  private Map<String, String> settings(Map<String, String> own) {
    Map<String, String> settings = new HashMap<>(config);
    settings.putAll(own);
    return settings;
  }

  private Connection connection(Map<String, String> settings)
      throws LinkException, InterruptedException {
    return clusters.connection(NatsTarget.of(settings, "cluster_uri"));
  }

  private KeyValue open(ProviderLink link, Map<String, String> settings)
      throws LinkException, InterruptedException {
    String name = settings.get("bucket");
    if (name == null || name.isBlank()) {
      boolean source = link.sourceId().equals(context.providerId());
      throw new LinkException(
          (source ? "link to " + link.target() : "link from " + link.sourceId())
              + ": no bucket in its "
              + (source ? "source" : "target")
              + " config (expected: bucket, the name of a NATS key-value bucket)");
    }
    boolean create = Boolean.parseBoolean(settings.getOrDefault("enable_bucket_auto_create", ""));
    return open(connection(settings), name, create);
  }

  private Bucket bucket(KeyValue bucket) {
    return new Bucket(bucket, workers, RandomGenerator.getDefault(), retries::increment);
  }

  private static KeyValue open(Connection nats, String name, boolean create) throws LinkException {
    try {
      KeyValueManagement management = nats.keyValueManagement();
      try {
        management.getStatus(name);
      } catch (JetStreamApiException e) {
        if (e.getApiErrorCode() != BUCKET_NOT_FOUND) {
          throw e;
        }
        if (!create) {
          throw new LinkException(
              "bucket "
                  + name
                  + " does not exist; make it (nats kv add "
                  + name
                  + "), or set enable_bucket_auto_create: \"true\" in the link's config",
              e);
        }
        Replicas.make(
            nats,
            LatticeOptions.REPLICAS_BY_CLUSTER,
            copies ->
                management.create(
                    KeyValueConfiguration.builder()
                        .name(name)
                        .replicas(copies)
                        .storageType(StorageType.File)
                        .build()));
      }
      return nats.keyValue(name);
    } catch (IOException | JetStreamApiException | IllegalArgumentException e) {
      throw new LinkException("bucket " + name + " cannot be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public void deleteLink(ProviderLink.Key key) {
    links.remove(key);
  }

  @Override
  public void updateConfig(Map<String, String> update) {
    config = Map.copyOf(update);
  }

  @Override
  public Optional<String> problem() {
    return clusters.problem();
  }

  /** Connections to other clusters that NATS has given up do not come back by themselves. */
  @Override
  public Optional<String> dead() {
    return clusters.dead();
  }

  @Override
  public void close() {
    links.clear();
    workers.shutdownNow();
    clusters.close();
  }

  /**
   * The store that callers see: it finds their bucket by who they are and over which link they
   * call.
   */
  private final class Store implements KeyValueStore {

    private Bucket bucket(CallContext call, String identifier) throws KeyValueException {
      Bucket bucket = identifier.isEmpty() ? links.of(call) : links.of(call, identifier);
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
      bucket(call, bucket).delete(call.deadline(), key);
    }

    @Override
    public boolean exists(CallContext call, String bucket, String key)
        throws KeyValueException, InterruptedException {
      return get(call, bucket, key).isPresent();
    }

    @Override
    public Keys listKeys(CallContext call, String bucket, java.util.OptionalLong cursor)
        throws KeyValueException, InterruptedException {
      return bucket(call, bucket).keys(cursor);
    }

    @Override
    public long increment(CallContext call, String bucket, String key, long delta)
        throws KeyValueException, InterruptedException {
      return bucket(call, bucket).increment(key, delta, call.deadline());
    }

    @Override
    public List<Optional<Map.Entry<String, byte[]>>> getMany(
        CallContext call, String bucket, List<String> keys)
        throws KeyValueException, InterruptedException {
      List<Optional<Map.Entry<String, byte[]>>> values = new java.util.ArrayList<>(keys.size());
      for (String key : keys) {
        values.add(get(call, bucket, key).map(value -> Map.entry(key, value)));
      }
      return values;
    }

    @Override
    public void setMany(CallContext call, String bucket, List<Map.Entry<String, byte[]>> entries)
        throws KeyValueException, InterruptedException {
      for (Map.Entry<String, byte[]> entry : entries) {
        set(call, bucket, entry.getKey(), entry.getValue());
      }
    }

    @Override
    public void deleteMany(CallContext call, String bucket, List<String> keys)
        throws KeyValueException, InterruptedException {
      for (String key : keys) {
        delete(call, bucket, key);
      }
    }
  }
}

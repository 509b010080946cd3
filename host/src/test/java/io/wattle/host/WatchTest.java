package io.wattle.host;

import static org.awaitility.Awaitility.await;

import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.kv.Bucket;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.testing.RedisForTests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A component hears of changes in a store, on this host and from another, and acts on the store.
 */
class WatchTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();
  @RegisterExtension static final RedisForTests REDIS = new RedisForTests();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  WatchTest() {
    super(NATS);
  }

  @Test
  void aComponentHearsOfChangesInJetStreamAndInRedis() throws Exception {
    Host host = lattice.host();
    Host other = lattice.host();
    REDIS.server().ask("CONFIG", "SET", "notify-keyspace-events", "K$g");
    lattice.scale(host, "by-nats", "key-watcher", 5);
    lattice.scale(host, "by-redis", "key-watcher", 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 2);
    String watch = "SET@word,DEL@word";
    lattice.control.putConfig(
        "nats", Map.of("bucket", "watched", "enable_bucket_auto_create", "true", "watch", watch));
    lattice.control.putConfig("redis", Map.of("url", REDIS.url(), "watch", watch));
    link("by-nats", "nats");
    link("by-redis", "redis");
    start(host, "nats");
    start(other, "redis");
    lattice.awaitEvent(LatticeEvent.ProviderStarted.class, 2);

    Bucket bucket = Bucket.find(lattice.connection, "watched").orElseThrow();
    var _ = bucket.put("word", "hello".getBytes(StandardCharsets.UTF_8));
    REDIS.server().ask("SET", "word", "hello");
    await().atMost(PATIENCE).until(() -> value(bucket, "seen-word").equals(Optional.of("hello")));
    await().atMost(PATIENCE).until(() -> REDIS.server().ask("GET", "seen-word").equals("hello"));
    bucket.delete("word");
    REDIS.server().ask("DEL", "word");
    await().atMost(PATIENCE).until(() -> value(bucket, "gone-word").isPresent());
    await().atMost(PATIENCE).until(() -> REDIS.server().ask("EXISTS", "gone-word").equals("1"));
  }

  /** The component uses the store, and the store calls the component. */
  private void link(String component, String store) throws Exception {
    lattice.control.putLink(
        Link.of(component, store, "wasi", "keyvalue", "store")
            .withConfigs(List.of(), List.of(store)));
    lattice.control.putLink(
        Link.of(store, component, "wasi", "keyvalue", "watcher")
            .withConfigs(List.of(store), List.of()));
  }

  private void start(Host host, String store) throws Exception {
    lattice.control.startProvider(
        host.id(),
        StartProvider.of(host.id(), store, "ghcr.io/wasmcloud/keyvalue-" + store + ":0.30.0"));
  }

  private static Optional<String> value(Bucket bucket, String key) throws Exception {
    return bucket.get(key).map(entry -> new String(entry.value(), StandardCharsets.UTF_8));
  }
}

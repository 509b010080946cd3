package io.wattle.providers.keyvalue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.JetStreamManagement;
import io.nats.client.KeyValueManagement;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.KeyValueConfiguration;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.keyvalue.KeyValueClient;
import io.wattle.lattice.keyvalue.KeyValueException;
import io.wattle.lattice.keyvalue.KeyValueStore;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderLink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeyValueNatsTest extends KeyValueContract {
  private static final String PROVIDER = "kvnats";
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private @Nullable Provider provider;

  private Provider start() throws InterruptedException {
    return new KeyValueNats(
        new ProviderContext(
            PROVIDER,
            NATS.lattice(),
            "NHOST",
            Map.of(),
            told,
            NATS.connect().nats(),
            metrics,
            Duration.ofSeconds(90),
            Duration.ofSeconds(1)));
  }

  @BeforeEach
  void link() throws Exception {
    provider = start();
    provider().putLink(link(Map.of("bucket", NATS.lattice(), "enable_bucket_auto_create", "true")));
  }

  @Override
  protected void watch(String linkName, String watch) throws Exception {
    provider().putLink(watching(linkName, watch));
  }

  @Override
  protected void unwatch(String linkName) throws Exception {
    provider().deleteLink(watching(linkName, "").key());
  }

  private static ProviderLink watching(String linkName, String watch) {
    return new ProviderLink(
        PROVIDER,
        ToldOfChanges.WATCHER,
        linkName,
        "wasi",
        "keyvalue",
        List.of("watcher"),
        Map.of("bucket", NATS.lattice(), "watch", watch),
        Map.of());
  }

  @AfterEach
  void stop() {
    provider().close();
  }

  private Provider provider() {
    return java.util.Objects.requireNonNull(provider, "started before each test");
  }

  private static ProviderLink link(Map<String, String> config) {
    return new ProviderLink(
        SOURCE,
        PROVIDER,
        BUCKET,
        "wasi",
        "keyvalue",
        List.of("store", "atomics", "batch"),
        Map.of(),
        config);
  }

  @Override
  protected KeyValueStore store() {
    return store(provider());
  }

  private static KeyValueStore store(Provider provider) {
    CallHandler calls =
        request ->
            provider.exports().stream()
                .filter(e -> e.instance().equals(request.target().instance()))
                .filter(e -> e.function().equals(request.target().function()))
                .findFirst()
                .orElseThrow()
                .handler()
                .handle(request);
    return new KeyValueClient(calls, PROVIDER);
  }

  @Test
  void twoProcessesCountTogetherWithoutLosingAnIncrement() throws Exception {
    try (Provider other = start();
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      other.putLink(link(Map.of("bucket", NATS.lattice())));
      List<Provider> both = List.of(provider(), other);
      List<Future<Void>> runs =
          java.util.stream.IntStream.range(0, 8)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            for (int n = 0; n < 20; n++) {
                              store(both.get(i % 2)).increment(call(), BUCKET, "shared", 1);
                            }
                            return (Void) null;
                          }))
              .toList();
      for (Future<Void> run : runs) {
        run.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(store().increment(call(), BUCKET, "shared", 0)).isEqualTo(160);
  }

  @Test
  void aWriteThatNobodyTookIsRepeatedUntilSomebodyDoes() throws Exception {
    String name = NATS.lattice();
    KeyValueManagement buckets = NATS.connect().nats().keyValueManagement();
    buckets.delete(name); // as far as a writer can see, a stream without a leader
    try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
      Future<Void> write =
          writer.submit(
              () -> {
                store().set(call(), BUCKET, "k", new byte[] {1});
                return null;
              });
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> metrics.get("wattle.keyvalue.retries").counter().count() > 0);
      buckets.create(KeyValueConfiguration.builder().name(name).build());
      write.get(60, TimeUnit.SECONDS);
    }
    assertThat(store().get(call(), BUCKET, "k")).contains(new byte[] {1});
  }

  @Test
  void aDeletedLinkIsRevokedAtOnce() throws Exception {
    store().set(call(), BUCKET, "k", new byte[] {1});
    provider().deleteLink(link(Map.of()).key());
    assertThatThrownBy(() -> store().get(call(), BUCKET, "k"))
        .isInstanceOf(KeyValueException.class)
        .hasMessageContaining("no such store");
  }

  @Test
  void aChangedLinkLeadsToTheOtherBucket() throws Exception {
    store().set(call(), BUCKET, "k", new byte[] {1});
    provider()
        .putLink(
            link(Map.of("bucket", NATS.lattice() + "-2", "enable_bucket_auto_create", "true")));
    assertThat(store().get(call(), BUCKET, "k")).isEmpty();
  }

  @Test
  void aBucketThatIsNotThereIsNamedWithWhatToDo() {
    assertThatThrownBy(() -> provider().putLink(link(Map.of("bucket", "absent"))))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("absent")
        .hasMessageContaining("enable_bucket_auto_create");
  }

  @Test
  void aLinkWithoutABucketIsRefused() {
    assertThatThrownBy(() -> provider().putLink(link(Map.of())))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("bucket");
  }

  /** As when the server is lost on which it lived: the connection stays, and nobody is told. */
  @Test
  void aWatchGoesOnWhenItsConsumerIsGone() throws Exception {
    watch("default", "SET@watched");
    store().set(call(), BUCKET, "watched", bytes("first"));
    told.await("watched=first");
    JetStreamManagement server = NATS.connect().nats().jetStreamManagement();
    String stream = "KV_" + NATS.lattice();
    List<ConsumerInfo> feeds = server.getConsumers(stream);
    assertThat(feeds)
        .isNotEmpty()
        .extracting(feed -> feed.getConsumerConfiguration().getIdleHeartbeat())
        .as("three times this is how long its loss goes unnoticed")
        .containsOnly(Duration.ofSeconds(1));
    for (ConsumerInfo feed : feeds) {
      server.deleteConsumer(stream, feed.getName());
    }
    store().set(call(), BUCKET, "watched", bytes("second"));
    told.await("watched=second");
    assertThat(told.all()).containsExactly("watched=first", "watched=second");
  }

  @Test
  void aKeyNatsCannotHoldIsAnErrorAndNotATrap() {
    for (String key : List.of("", "a b", "a*", ".a", "a.", "ž", "a\n")) {
      assertThatThrownBy(() -> store().set(call(), BUCKET, key, new byte[0]))
          .as(key)
          .isInstanceOf(KeyValueException.class)
          .hasMessageContaining("expected");
    }
  }
}

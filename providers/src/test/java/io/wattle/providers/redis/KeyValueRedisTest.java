package io.wattle.providers.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.keyvalue.KeyValueClient;
import io.wattle.lattice.keyvalue.KeyValueError;
import io.wattle.lattice.keyvalue.KeyValueException;
import io.wattle.lattice.keyvalue.KeyValueStore;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.testing.RedisForTests;
import io.wattle.lattice.testing.RedisServer;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderLink;
import io.wattle.providers.keyvalue.KeyValueContract;
import io.wattle.providers.keyvalue.ToldOfChanges;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class KeyValueRedisTest extends KeyValueContract {
  private static final String PROVIDER = "kvredis";
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();
  @RegisterExtension static final RedisForTests REDIS = new RedisForTests();

  @TempDir Path dir;
  private @Nullable Provider provider;

  private Provider start(Map<String, String> config) throws Exception {
    return new KeyValueRedisFactory()
        .start(
            new ProviderContext(
                PROVIDER,
                NATS.lattice(),
                "NHOST",
                config,
                told,
                NATS.connect().nats(),
                new SimpleMeterRegistry(),
                Duration.ofSeconds(90),
                Duration.ofSeconds(1)));
  }

  @BeforeEach
  void link() throws Exception {
    REDIS.server().ask("FLUSHALL");
    REDIS.server().ask("CONFIG", "SET", "notify-keyspace-events", "K$g");
    provider = start(Map.of());
    provider().putLink(link(Map.of("URL", REDIS.url())));
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
        Map.of("url", REDIS.url(), "watch", watch),
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
  void whatIsStoredIsWhatOtherClientsOfRedisSee() throws Exception {
    store().set(call(), BUCKET, "plain", "text".getBytes(UTF_8));
    store().increment(call(), BUCKET, "n", 7);
    assertThat(REDIS.server().ask("GET", "plain")).isEqualTo("text");
    assertThat(REDIS.server().ask("GET", "n")).isEqualTo("7");
    REDIS.server().ask("SET", "theirs", "8");
    assertThat(store().increment(call(), BUCKET, "theirs", 1)).isEqualTo(9);
  }

  @Test
  void countersBeyondSignedNumbersAreCountedByManyAtOnce() throws Exception {
    REDIS.server().ask("SET", "big", "9223372036854775800");
    try (Provider other = start(Map.of("url", REDIS.url()));
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      other.putLink(link(Map.of()));
      List<Provider> both = List.of(provider(), other);
      List<Future<Void>> runs =
          IntStream.range(0, 4)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            for (int n = 0; n < 25; n++) {
                              store(both.get(i % 2)).increment(call(), BUCKET, "big", 1);
                            }
                            return (Void) null;
                          }))
              .toList();
      for (Future<Void> run : runs) {
        run.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(REDIS.server().ask("GET", "big")).isEqualTo("9223372036854775900");
  }

  @Test
  void aRedisThatDoesNotNotifyRefusesTheWatchAndSaysWhatToDo() throws Exception {
    REDIS.server().ask("CONFIG", "SET", "notify-keyspace-events", "Kg");
    assertThatThrownBy(() -> watch("default", "SET@watched"))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("redis-cli CONFIG SET notify-keyspace-events");
  }

  @Test
  void aWatchGoesOnAfterRedisWasAway() throws Exception {
    watch("default", "SET@watched");
    REDIS.server().kill();
    REDIS.server().restart();
    REDIS.server().ask("CONFIG", "SET", "notify-keyspace-events", "K$g");
    // it is heard again some time after that; until then Redis has nobody to tell
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              store().set(call(), BUCKET, "watched", "again".getBytes(UTF_8));
              return told.has("watched=again");
            });
  }

  @Test
  void aKeyOfAnotherTypeIsNamedAndStays() throws Exception {
    REDIS.server().ask("RPUSH", "list", "a");
    assertThatThrownBy(() -> store().get(call(), BUCKET, "list"))
        .isInstanceOf(KeyValueException.class)
        .hasMessageContaining("list")
        .hasMessageContaining("another type");
    assertThatThrownBy(() -> store().increment(call(), BUCKET, "list", 1))
        .isInstanceOf(KeyValueException.class)
        .hasMessageContaining("another type");
    assertThat(REDIS.server().ask("LLEN", "list")).isEqualTo("1");
  }

  @Test
  void aRedisThatIsAwayIsSaidAndFoundAgain() throws Exception {
    store().set(call(), BUCKET, "k", new byte[] {1});
    REDIS.server().kill();
    assertThatThrownBy(() -> store().get(call(), BUCKET, "k"))
        .isInstanceOf(KeyValueException.class)
        .hasMessageContaining("127.0.0.1:" + REDIS.server().port())
        .hasMessageContaining("not reached");
    assertThat(provider().problem().orElseThrow()).contains("not reached");
    REDIS.server().restart();
    store().set(call(), BUCKET, "k", new byte[] {2});
    assertThat(store().get(call(), BUCKET, "k")).contains(new byte[] {2});
    assertThat(provider().problem()).isEmpty();
  }

  @Test
  void aRestartThatNobodyNoticedCostsNoRead() throws Exception {
    store().set(call(), BUCKET, "k", new byte[] {1});
    REDIS.server().kill();
    REDIS.server().restart();
    assertThat(store().exists(call(), BUCKET, "k")).isFalse();
  }

  @Test
  void aRedisThatIsNotThereRefusesTheLinkAndSaysWhere() throws Exception {
    RedisServer gone = RedisServer.start(RedisForTests.binary().orElseThrow(), dir);
    gone.kill();
    assertThatThrownBy(() -> provider().putLink(link(Map.of("url", gone.url()))))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining(":" + gone.port())
        .hasMessageContaining("is it running");
  }

  @Test
  void aWrongPasswordRefusesTheLinkAndIsNotShown() throws Exception {
    try (RedisServer guarded =
        RedisServer.start(
            RedisForTests.binary().orElseThrow(), dir, "--requirepass", "right-word")) {
      String at = "127.0.0.1:" + guarded.port() + "/";
      for (String url : List.of("redis://" + at, "redis://:wrong-word@" + at)) {
        assertThatThrownBy(() -> provider().putLink(link(Map.of("url", url))))
            .isInstanceOf(LinkException.class)
            .hasMessageContaining("password")
            .message()
            .doesNotContain("wrong-word");
      }
      provider().putLink(link(Map.of("url", "redis://:right-word@" + at + "2")));
      store().set(call(), BUCKET, "k", new byte[] {3});
      assertThat(store().get(call(), BUCKET, "k")).contains(new byte[] {3});
    }
  }

  @Test
  void settingsThatAreNoneAreNamed() {
    assertThatThrownBy(() -> provider().putLink(link(Map.of("url", "http://:secret@x/"))))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("redis://")
        .message()
        .doesNotContain("secret");
    assertThatThrownBy(
            () -> provider().putLink(link(Map.of("backend_response_timeout_ms", "soon"))))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("soon")
        .hasMessageContaining("expected");
    assertThatThrownBy(
            () -> start(Map.of("DISABLE_DEFAULT_CONNECTION", "")).putLink(link(Map.of())))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("url");
  }

  @Test
  void aDeletedLinkIsRevokedAtOnce() throws Exception {
    store().set(call(), BUCKET, "k", new byte[] {1});
    provider().deleteLink(link(Map.of()).key());
    assertThatThrownBy(() -> store().get(call(), BUCKET, "k"))
        .isInstanceOfSatisfying(
            KeyValueException.class,
            e -> assertThat(e.error()).isEqualTo(KeyValueError.NoSuchStore.NO_SUCH_STORE));
  }
}

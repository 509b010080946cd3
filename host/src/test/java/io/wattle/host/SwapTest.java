package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.control.StopProvider;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.kv.Bucket;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.testing.RedisForTests;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A store is taken for another while a component uses it. */
class SwapTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();
  @RegisterExtension static final RedisForTests REDIS = new RedisForTests();

  /** Where Redis begins to count, to tell its numbers from those of the other store. */
  private static final long REDIS_START = 1_000_000;

  private static final int CALLERS = 6;
  private static final int SWAPS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What the callers were answered. */
  private final List<Long> numbers = java.util.Collections.synchronizedList(new ArrayList<>());

  private final List<String> failures = java.util.Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong fromRedis = new AtomicLong();
  private final AtomicLong fromNats = new AtomicLong();

  SwapTest() {
    super(NATS);
  }

  @Test
  void noCallFailsAndNoWriteIsLostWhileAStoreIsSwappedForAnother() throws Exception {
    Host first =
        lattice.host(o -> o.admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    Host second = lattice.host();
    lattice.scale(first, "counter", "http-counter", 20);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(first, "counter") + "n";
    lattice.keyValue(first, "counter");
    lattice.control.putConfig("redis", Map.of("url", REDIS.url()));
    lattice.control.startProvider(
        second.id(),
        StartProvider.of(second.id(), "redis", "ghcr.io/wasmcloud/keyvalue-redis:0.28.1"));
    lattice.awaitEvent(LatticeEvent.ProviderStarted.class, 3);
    REDIS.server().ask("SET", "n", "" + REDIS_START);
    Link toNats =
        Link.of("counter", "kv", "wasi", "keyvalue", "store", "atomics")
            .withConfigs(List.of(), List.of("kv"));
    Link toRedis =
        Link.of("counter", "redis", "wasi", "keyvalue", "store", "atomics")
            .withConfigs(List.of(), List.of("redis"));

    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<?>> load = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        load.add(callers.submit(() -> call(url, over)));
      }
      try {
        served(fromNats);
        for (int swap = 0; swap < SWAPS; swap++) {
          boolean redis = swap % 2 == 0;
          String said = lattice.control.replaceLink(redis ? toRedis : toNats);
          assertThat(said).startsWith("successfully set link");
          if (said.equals("successfully set link")) {
            // all hosts go by it: whoever calls now is answered by the new store
            assertThat(ask(url) > REDIS_START).as("swap %s", swap).isEqualTo(redis);
          }
          served(redis ? fromRedis : fromNats);
        }
        lattice.control.replaceLink(toRedis);
        // the store that is not used any more ends while calls go on
        lattice.control.stopProvider(first.id(), new StopProvider("kv", first.id()));
        lattice.awaitEvent(LatticeEvent.ProviderStopped.class, 1);
        served(fromRedis);
      } finally {
        over.set(true);
      }
      for (Future<?> caller : load) {
        caller.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }

    assertThat(failures).isEmpty();
    List<Long> nats = numbers.stream().filter(n -> n < REDIS_START).sorted().toList();
    List<Long> redis = numbers.stream().filter(n -> n > REDIS_START).sorted().toList();
    assertThat(nats).isEqualTo(LongStream.rangeClosed(1, nats.size()).boxed().toList());
    assertThat(redis)
        .isEqualTo(
            LongStream.rangeClosed(REDIS_START + 1, REDIS_START + redis.size()).boxed().toList());
    assertThat(stored()).isEqualTo(nats.size());
    assertThat(REDIS.server().ask("GET", "n")).isEqualTo("" + redis.getLast());
    // one component, started once
    assertThat(lattice.events(LatticeEvent.ComponentScaled.class)).hasSize(1);
    assertThat(web.get("http://127.0.0.1:" + first.adminPort().orElseThrow() + "/metrics").body())
        .contains("wattle_component_load_seconds_count{component=\"counter\"} 1");
  }

  private long stored() throws Exception {
    Bucket bucket = Bucket.find(lattice.connection, "test").orElseThrow();
    byte[] value = bucket.get("n").orElseThrow().value();
    return Long.parseLong(new String(value, StandardCharsets.UTF_8));
  }

  /** Waits until a store has answered some more calls. */
  private static void served(AtomicLong count) {
    long before = count.get();
    await().atMost(PATIENCE).until(() -> count.get() >= before + 20);
  }

  private void call(String url, AtomicBoolean over) {
    while (!over.get()) {
      try {
        var _ = ask(url);
      } catch (Exception e) {
        failures.add(e.toString());
        return;
      }
    }
  }

  /** One call, counted. */
  private long ask(String url) throws Exception {
    HttpResponse<String> answer = web.get(url);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    long number = Long.parseLong(answer.body().strip().substring("n: ".length()));
    numbers.add(number);
    var _ = (number > REDIS_START ? fromRedis : fromNats).incrementAndGet();
    return number;
  }
}

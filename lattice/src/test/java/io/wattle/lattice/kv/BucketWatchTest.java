package io.wattle.lattice.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerInfo;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.testing.NatsForTests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BucketWatchTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  /** What a watch has told: {@code key=value}, {@code -key}, and {@code current}. */
  private static final class Told implements BucketListener {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void put(String key, byte[] value, long revision) {
      lines.add(key + "=" + new String(value, StandardCharsets.UTF_8));
    }

    @Override
    public void deleted(String key, long revision) {
      lines.add("-" + key);
    }

    @Override
    public void current() {
      lines.add("current");
    }

    void await(String... expected) {
      org.awaitility.Awaitility.await()
          .untilAsserted(() -> assertThat(lines).containsExactly(expected));
    }
  }

  /** As when the server is lost on which it lived: the connection stays, and nobody is told. */
  @Test
  void goesOnWhenItsConsumerIsGone() throws Exception {
    LatticeConnection connection = NATS.connect();
    Bucket bucket = Bucket.open(connection, "GONE", BucketOptions.DEFAULT);
    bucket.put("a", bytes("1"));
    Told told = new Told();
    Subscription watch = bucket.watch(">", told);
    told.await("a=1", "current");
    JetStreamManagement server =
        connection.nats().jetStreamManagement(connection.jetStreamOptions());
    List<ConsumerInfo> feeds = server.getConsumers("KV_GONE");
    assertThat(feeds)
        .isNotEmpty()
        .extracting(feed -> feed.getConsumerConfiguration().getIdleHeartbeat())
        .as("three times this is how long its loss goes unnoticed")
        .containsOnly(Duration.ofSeconds(1));
    List<String> names = feeds.stream().map(ConsumerInfo::getName).toList();

    for (String name : names) {
      server.deleteConsumer("KV_GONE", name);
    }
    bucket.put("b", bytes("2"));
    bucket.delete("a");
    told.await("a=1", "current", "b=2", "-a");
    assertThat(server.getConsumerNames("KV_GONE")).isNotEmpty().doesNotContainAnyElementsOf(names);
    bucket.put("a", bytes("3"));
    told.await("a=1", "current", "b=2", "-a", "a=3");

    watch.close();
    bucket.put("a", bytes("4"));
    await()
        .alias("nobody listens any more")
        .until(() -> server.getConsumers("KV_GONE").stream().noneMatch(ConsumerInfo::isPushBound));
    assertThat(told.lines).endsWith("a=3");
  }

  @Test
  void tellsMoreThanTheServerSendsWithoutBeingAsked() throws Exception {
    LatticeConnection connection = NATS.connect();
    Bucket bucket = Bucket.open(connection, "MANY", BucketOptions.DEFAULT);
    int many = 60;
    byte[] value = new byte[100_000];
    for (int i = 0; i < many; i++) {
      connection.publish("$KV.MANY.key-" + i, value);
    }
    await().until(() -> bucket.keys().size() == many);
    assertThat(bucket.entries()).hasSize(many);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

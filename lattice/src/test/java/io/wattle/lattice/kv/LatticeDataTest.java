package io.wattle.lattice.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import io.wattle.lattice.link.Revocation;
import io.wattle.lattice.testing.NatsForTests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LatticeDataTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private final Link link = Link.of("app", "redis", "wasi", "keyvalue", "store");

  @Test
  void keepsFieldsItDoesNotKnow() throws Exception {
    LatticeData data = LatticeData.open(NATS.connect(), BucketOptions.DEFAULT);
    String foreign =
        """
        {"url":"ghcr.io/a/b:1","links":[{"source_id":"app","target":"t","name":"default",
         "wit_namespace":"a","wit_package":"b","interfaces":["c"],"later":7}],"owner":"someone"}\
        """;
    data.bucket().put("COMPONENT_app", foreign.getBytes(StandardCharsets.UTF_8));
    assertThat(data.putLink(link, false)).isInstanceOf(LatticeData.LinkWrite.Stored.class);
    String after =
        new String(
            data.bucket().get("COMPONENT_app").orElseThrow().value(), StandardCharsets.UTF_8);
    assertThat(after)
        .contains("\"owner\":\"someone\"")
        .contains("\"later\":7")
        .contains("\"url\":\"ghcr.io/a/b:1\"")
        .contains("redis");
  }

  @Test
  void aHundredLinksPutAtOnceAreAllThere() throws Exception {
    LatticeData data = LatticeData.open(NATS.connect(), BucketOptions.DEFAULT);
    List<Future<?>> puts = new ArrayList<>();
    try (var executor = Executors.newFixedThreadPool(10)) {
      for (int i = 0; i < 100; i++) {
        Link mine = link.withName("n" + i);
        puts.add(executor.submit(() -> data.putLink(mine, false)));
      }
      for (Future<?> put : puts) {
        put.get();
      }
    }
    assertThat(data.links()).hasSize(100);
  }

  @Test
  void putsReplacesRefusesAndDeletesLinks() throws Exception {
    LatticeData data = LatticeData.open(NATS.connect(), BucketOptions.DEFAULT);
    Link elsewhere = Link.of("app", "vault", "wasi", "keyvalue", "store");
    data.putLink(link, false);
    long revision = data.spec("app").orElseThrow().revision();
    assertThat(data.putLink(link, false))
        .isEqualTo(new LatticeData.LinkWrite.Stored(revision, false, List.of()));
    assertThat(data.putLink(elsewhere, false)).isEqualTo(new LatticeData.LinkWrite.Conflict(link));
    assertThat(data.putLink(elsewhere, true))
        .isEqualTo(new LatticeData.LinkWrite.Stored(revision + 1, true, List.of(link)));
    assertThat(data.links()).containsExactly(elsewhere);
    assertThat(data.deleteLink(LinkKey.of(link), "ada")).contains(elsewhere);
    assertThat(data.deleteLink(LinkKey.of(link), "ada")).isEmpty();
    assertThat(data.spec("app").orElseThrow().value().wattleRevoked())
        .containsExactly(Revocation.of(elsewhere, "ada"));
    data.putLink(link, false);
    assertThat(data.spec("app").orElseThrow().value().wattleRevoked()).isEmpty();
    assertThat(data.specOrCreate("app", "x").value().url()).isEmpty();
    assertThat(data.specOrCreate("new", "x").value().url()).isEqualTo("x");
    assertThat(data.delete("app")).isTrue();
    assertThat(data.specs()).containsOnlyKeys("new");
  }

  @Test
  void aWatchTellsWhatIsThereAndChangesAndOutlivesTheServer() throws Exception {
    LatticeConnection connection = NATS.connect();
    LatticeData data = LatticeData.open(connection, BucketOptions.DEFAULT);
    data.putLink(link, false);
    List<String> told = new CopyOnWriteArrayList<>();
    data.watch(
        new LatticeData.Listener() {
          @Override
          public void spec(String id, ComponentSpec spec, long revision) {
            told.add(id + " " + spec.links().size());
          }

          @Override
          public void specDeleted(String id, long revision) {
            told.add(id + " gone");
          }

          @Override
          public void current() {
            told.add("current");
          }
        });
    await().untilAsserted(() -> assertThat(told).containsExactly("app 1", "current"));
    data.deleteLink(LinkKey.of(link), "ada");
    await().untilAsserted(() -> assertThat(told).endsWith("app 0"));
    NATS.restartServer();
    LatticeData other = LatticeData.open(NATS.connect(), BucketOptions.DEFAULT);
    other.putLink(link, false);
    other.delete("app");
    other.specOrCreate("late", "x");
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(told).contains("app gone", "late 0"));
    assertThat(told).filteredOn("current"::equals).hasSize(1);
    assertThat(told).filteredOn("app 1"::equals).hasSizeLessThanOrEqualTo(2);
    other.specOrCreate("later", "x");
    await().untilAsserted(() -> assertThat(told).endsWith("later 0"));
  }

  @Test
  void configsAreMapsOfText() throws Exception {
    ConfigData data = ConfigData.open(NATS.connect(), BucketOptions.DEFAULT);
    List<String> told = new CopyOnWriteArrayList<>();
    data.put("a", Map.of("k", "v"));
    data.watch("a", (name, values, revision) -> told.add(name + values));
    data.put("a", Map.of("k", "w"));
    data.put("b", Map.of());
    List<String> gone = new CopyOnWriteArrayList<>();
    data.watchAll(
        new ConfigData.Listener() {
          @Override
          public void config(String name, Map<String, String> values, long revision) {}

          @Override
          public void deleted(String name, Optional<String> by, long revision) {
            gone.add(name + " by " + by.orElse("?"));
          }
        });
    data.delete("a", "ada");
    await().untilAsserted(() -> assertThat(told).containsExactly("a{k=v}", "a{k=w}", "a{}"));
    await().untilAsserted(() -> assertThat(gone).containsExactly("a by ada"));
    assertThat(data.get("a")).isEmpty();
    assertThat(data.get("b").map(Versioned::value)).contains(Map.of());
    assertThat(data.names()).containsExactly("b");
    data.bucket().put("bad", "{\"k\":1,\"l\":[]}".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> data.get("bad"))
        .isInstanceOf(LatticeException.class)
        .hasMessageContaining("config bad");
  }

  @Test
  void aKeyTakenByCompareAndSetHasOneOwner() throws Exception {
    Bucket leases = leases(Duration.ofMinutes(10));
    byte[] me = {1};
    long revision = leases.create("leader", me).orElseThrow();
    assertThat(leases.create("leader", new byte[] {2})).isEmpty();
    long renewed = leases.update("leader", me, revision).orElseThrow();
    assertThat(leases.update("leader", me, revision)).isEmpty();
    assertThat(leases.delete("leader", revision)).isFalse();
    assertThat(leases.get("leader").orElseThrow().revision()).isEqualTo(renewed);
    assertThat(leases.modify("leader", old -> Optional.empty()).orElseThrow().value())
        .isEqualTo(me);
  }

  @Test
  void aKeyPassesAway() throws Exception {
    Bucket leases = leases(Duration.ofSeconds(1));
    leases.create("leader", new byte[] {1}).orElseThrow();
    await().until(() -> leases.get("leader").isEmpty());
    assertThat(leases.create("leader", new byte[] {2})).isPresent();
  }

  private static Bucket leases(Duration maxAge) throws Exception {
    return Bucket.open(
        NATS.connect(),
        "WATTLE_LEASES_" + NATS.lattice(),
        BucketOptions.DEFAULT.withMaxAge(maxAge));
  }
}

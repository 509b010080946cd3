package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.Replica;
import io.nats.client.api.StreamInfo;
import io.wattle.chaos.history.Window;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.testing.ClusterForTests;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Three NATS servers, of which one is lost, and then the one that leads. */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NatsClusterTroubleTest {
  private static final int SERVERS = 3;
  private static final String STREAM = "KV_spread";
  private static final int CLIENTS = 4;
  private static final Duration EACH = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Where nobody leads nobody answers. */
  private static final JetStreamOptions QUICK =
      JetStreamOptions.builder().requestTimeout(Duration.ofMillis(500)).build();

  private final ExecutorService watching = Executors.newVirtualThreadPerTaskExecutor();

  private Wattle wattle;
  private ClusterForTests nats;
  private LatticeConnection connection;
  private LatticeView lattice;
  private String url;

  @BeforeAll
  void start() throws Exception {
    wattle = Wattle.withHeap("256m");
    nats = ClusterForTests.start(wattle.folder().resolve("nats"), SERVERS);
    LatticeOptions options = nats.options("default");
    connection = LatticeConnection.connect(options);
    lattice = LatticeView.of(options);
    String servers = withCredentials(options);
    PartProcess.controlPlane(wattle, "control plane", "--nats-url", servers);
    PartProcess.host(wattle, "edge", "--nats-url", servers, "--label", "role=edge");
    PartProcess.host(wattle, "worker", "--nats-url", servers, "--label", "role=worker");
    int port = Ports.free();
    String manifest =
        Manifests.write(
            wattle.folder(),
            "spread-counter.yaml",
            Map.of("address", "127.0.0.1:" + port, "instances", 8));
    wattle.run("app", "deploy", "--nats-url", servers, manifest).exits(0);
    url = "http://127.0.0.1:" + port + "/";
    Web.get(url + "first").is(200);
  }

  private static String withCredentials(LatticeOptions options) {
    Credentials.UserPassword known = (Credentials.UserPassword) options.credentials();
    return options
        .url()
        .replace("nats://", "nats://" + known.user() + ":" + known.password() + "@");
  }

  @AfterAll
  void stop() throws Exception {
    watching.shutdownNow();
    if (lattice != null) {
      lattice.close();
    }
    if (connection != null) {
      connection.close();
    }
    wattle.processes().killAll();
    if (nats != null) {
      nats.close();
    }
    wattle.close();
  }

  @Test
  void oneServerIsLostAndThenItsLeader() throws Exception {
    for (int round = 0; round < Figures.rounds(); round++) {
      List<Window> outages = new ArrayList<>();
      CounterLoad load = CounterLoad.start(url, CLIENTS, EACH, PAUSE);
      try (load;
          LatticeView.Tap tap = lattice.tap("spread-counter")) {
        Cluster.goesOn(load);
        await().alias("calls between hosts").atMost(PATIENCE).until(() -> tap.calls() > 0);
        awaitAllCopies();
        int follower = leader() % SERVERS + 1;
        outages.add(lost(follower, "a follower", load));
        int leader = leader();
        outages.add(lost(leader, "the leader", load));
        assertThat(leader()).as("who leads afterwards").isNotEqualTo(leader);
      }
      load.assertNothingLostAndFailedOnlyIn(outages.toArray(Window[]::new));
      Proved.that(
          "with one of three servers gone %d counts were acknowledged in all, %d requests failed,"
              + " nothing was lost",
          load.acknowledged(), load.failed());
    }
  }

  /** Kills a server, waits until all goes on without it, and starts it again. */
  private Window lost(int server, String what, CounterLoad load) throws Exception {
    boolean leads = leader() == server;
    long at = System.nanoTime();
    nats.server(server).kill();
    // Beside it, because it is asked of NATS with waits of its own.
    CompletableFuture<Window> elected =
        CompletableFuture.supplyAsync(() -> otherLeader(server, at), watching);
    Window outage = Cluster.servedAgain(what, url, at);
    Duration election = elected.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).length();
    Cluster.goesOn(load);
    assertThat(nats.server(server).isAlive()).as("all went on without it").isFalse();
    Proved.that(
        "%s of three NATS servers was killed under load and came back; requests served again"
            + " after %d ms%s",
        what,
        outage.length().toMillis(),
        leads ? ", another one was seen to lead after " + election.toMillis() + " ms" : "");
    nats.restart(server);
    awaitAllCopies();
    return outage;
  }

  private Window otherLeader(int server, long at) {
    await()
        .alias("another one leads")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> findLeader().filter(other -> other != server).isPresent());
    return Window.since("election", at);
  }

  /** All three servers have all that is stored. */
  private void awaitAllCopies() {
    await()
        .alias("three copies, all of them current")
        .atMost(PATIENCE)
        .until(
            () ->
                info()
                    .map(StreamInfo::getClusterInfo)
                    .map(ClusterInfo::getReplicas)
                    .filter(others -> others.size() == SERVERS - 1)
                    .filter(others -> others.stream().allMatch(Replica::isCurrent))
                    .filter(others -> others.stream().noneMatch(Replica::isOffline))
                    .isPresent());
  }

  private int leader() {
    return await().atMost(PATIENCE).until(this::findLeader, Optional::isPresent).orElseThrow();
  }

  /** The number of the server that leads the store's stream. */
  private Optional<Integer> findLeader() {
    return info()
        .map(StreamInfo::getClusterInfo)
        .map(ClusterInfo::getLeader)
        .filter(name -> !name.isEmpty())
        .map(name -> Integer.parseInt(name.substring(name.indexOf('-') + 1)));
  }

  private Optional<StreamInfo> info() {
    try {
      return Optional.of(connection.nats().jetStreamManagement(QUICK).getStreamInfo(STREAM));
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      return Optional.empty(); // not reached, or nobody leads
    }
  }
}

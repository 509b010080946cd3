package io.wattle.lattice.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.nats.ClusterMember;
import io.wattle.lattice.nats.NatsServer;
import io.wattle.lattice.testing.ClusterForTests;
import io.wattle.lattice.testing.NatsForTests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ReplicasTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path directory;

  @Test
  void oneServerKeepsOneCopy() throws Exception {
    LatticeConnection connection = NATS.connect();
    Bucket.open(connection, "ONE", BucketOptions.DEFAULT);
    assertThat(copies(connection, "ONE")).isEqualTo(1);

    LatticeConnection three = NATS.connect(NATS.options().withReplicas(3));
    assertThatThrownBy(() -> Bucket.open(three, "THREE", BucketOptions.DEFAULT))
        .isInstanceOf(LatticeException.class)
        .hasMessageContaining("replicas");
  }

  @Test
  void aClusterOfThreeKeepsThreeAndLosesNothingWithOne() throws Exception {
    try (ClusterForTests cluster = ClusterForTests.start(directory, 3);
        LatticeConnection connection = LatticeConnection.connect(cluster.options("default"))) {
      Bucket.open(connection, "NEW", BucketOptions.DEFAULT);
      assertThat(copies(connection, "NEW")).isEqualTo(3);

      LatticeOptions one = cluster.options("default").withReplicas(1);
      try (LatticeConnection modest = LatticeConnection.connect(one)) {
        Bucket.open(modest, "OLD", BucketOptions.DEFAULT).put("k", bytes("v"));
        assertThat(copies(modest, "OLD")).isEqualTo(1);
      }
      await()
          .alias("a bucket from before the cluster")
          .atMost(LONG)
          .until(
              () -> {
                Bucket.open(connection, "OLD", BucketOptions.DEFAULT);
                return copies(connection, "OLD") == 3;
              });
      Bucket old = Bucket.open(connection, "OLD", BucketOptions.DEFAULT);
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(500))
          .ignoreExceptionsMatching(LatticeException.class::isInstance)
          .until(
              () -> {
                boolean done = upToDate(connection, "OLD");
                if (!done) { // a leader that missed an answer takes note of the next one only
                  old.put("k", bytes("v"));
                }
                return done;
              });

      cluster.server(1).kill();
      await()
          .atMost(LONG)
          .ignoreExceptionsMatching(LatticeException.class::isInstance)
          .until(() -> old.get("k").isPresent());
      await()
          .atMost(LONG)
          .ignoreExceptionsMatching(LatticeException.class::isInstance)
          .until(() -> old.put("after", bytes("w")) > 0);
    }
  }

  @Test
  void oneServerOfThreeIsTooFew() throws Exception {
    List<String> nobody = List.of("127.0.0.1:1", "127.0.0.1:2");
    NatsServer.Options options =
        NatsServer.Options.in(directory).withCluster(new ClusterMember("alone", "test", 0, nobody));
    try (NatsServer server = NatsServer.start(NatsForTests.binary(), options);
        LatticeConnection connection =
            LatticeConnection.connect(
                LatticeOptions.of(server.url(), "default").with(server.credentials()))) {
      await()
          .atMost(LONG)
          .until(() -> whyNoJetStream(connection).contains("more than half of the servers"));
    }
  }

  private static String whyNoJetStream(LatticeConnection connection) throws InterruptedException {
    try {
      connection.requireJetStream();
      return "";
    } catch (LatticeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static int copies(LatticeConnection connection, String bucket) throws Exception {
    return connection
        .nats()
        .jetStreamManagement(connection.jetStreamOptions())
        .getStreamInfo("KV_" + bucket)
        .getConfiguration()
        .getReplicas();
  }

  /** Whether the other two have what the leader has. */
  private static boolean upToDate(LatticeConnection connection, String bucket) throws Exception {
    var cluster =
        connection
            .nats()
            .jetStreamManagement(connection.jetStreamOptions())
            .getStreamInfo("KV_" + bucket)
            .getClusterInfo();
    return cluster != null
        && cluster.getLeader() != null
        && cluster.getReplicas() != null
        && cluster.getReplicas().size() == 2
        && cluster.getReplicas().stream().allMatch(r -> r.isCurrent() && !r.isOffline());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

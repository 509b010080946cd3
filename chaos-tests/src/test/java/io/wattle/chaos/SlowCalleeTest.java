package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A component on another host that is asked for more than it can do: one instance, 64 places to
 * wait, at most 5 s.
 */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SlowCalleeTest {
  private static final int PLACES = 1 + 64;
  private static final int TOO_MANY = 20;
  private static final int EACH_MILLIS = 2000;

  /** What those are told who did not wait at all. */
  private static final String ALL_TAKEN = "places to wait are taken";

  /** Requests that do not come close together find places again; then it is done once more. */
  private static final int TRIES = 5;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Cluster cluster;
  private String slow;

  @BeforeAll
  void start() throws Exception {
    cluster = Cluster.start();
    int port = Ports.free();
    slow = "http://127.0.0.1:" + port;
    cluster
        .wattle()
        .run(
            "app",
            "deploy",
            Manifests.write(cluster.wattle().folder(), "slow.yaml", Map.of("port", port)))
        .exits(0);
  }

  @AfterAll
  void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void fullQueue() throws Exception {
    Web.get(slow + "/state").is(200);
    CounterLoad others = cluster.count();
    try (others;
        LatticeView.Tap calls = cluster.lattice().tap("rush-slow")) {
      Cluster.goesOn(others);
      for (int round = 0; round < Figures.rounds(); round++) {
        List<Web.Reply> replies = rush();
        List<Web.Reply> served = replies.stream().filter(reply -> reply.status() == 200).toList();
        List<Web.Reply> busy = replies.stream().filter(reply -> reply.status() == 503).toList();
        assertThat(served.size() + busy.size()).as(replies.toString()).isEqualTo(replies.size());
        assertThat(served).isNotEmpty();
        assertThat(busy)
            .allSatisfy(reply -> assertThat(reply.retryAfter()).isPresent())
            .allSatisfy(reply -> assertThat(reply.body()).contains("busy"));
        assertThat(turnedAwayAtOnce(replies))
            .as("told at once that all places are taken")
            .isGreaterThanOrEqualTo(TOO_MANY);
        await().alias("calls between hosts").atMost(PATIENCE).until(() -> calls.calls() >= PLACES);
        await()
            .alias("it serves again")
            .atMost(PATIENCE)
            .until(() -> Web.get(slow + "/state").status() == 200);
        Proved.that(
            "of %d requests at once to one instance on another host %d were served, %d turned away,"
                + " %d of those at once (%s)",
            replies.size(),
            served.size(),
            busy.size(),
            turnedAwayAtOnce(replies),
            busy.getFirst().body().strip());
      }
      Cluster.goesOn(others);
    }
    others.assertNothingLostAndFailedOnlyIn();
    Proved.that("meanwhile a neighbour on the same hosts served all %d", others.acknowledged());
  }

  private List<Web.Reply> rush() {
    List<Web.Reply> replies = List.of();
    for (int tried = 0; tried < TRIES && turnedAwayAtOnce(replies) < TOO_MANY; tried++) {
      replies = Web.atOnce(PLACES + TOO_MANY, slow + "/sleep?ms=" + EACH_MILLIS, PATIENCE);
    }
    return replies;
  }

  private static long turnedAwayAtOnce(List<Web.Reply> replies) {
    return replies.stream()
        .filter(reply -> reply.status() == 503 && reply.body().contains(ALL_TAKEN))
        .count();
  }
}

package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@code kill -9}, of everything and of the supervisor alone. */
@EnabledOnOs(OS.LINUX)
final class KillTest {
  private static final int CLIENTS = 4;
  private static final int ENOUGH = 200;

  @Test
  void nothingAcknowledgedIsLost() throws Exception {
    try (Wattle wattle = Wattle.withHeap("512m")) {
      int port = Ports.free();
      String url = "http://127.0.0.1:" + port + "/";
      wattle.up(Manifests.write(wattle.folder(), "counter.yaml", Map.of("port", port)));

      CounterLoad load = CounterLoad.start(url, CLIENTS);
      try (load) {
        killUnderLoad(wattle, load, ENOUGH);
        wattle.up();
        long before = load.acknowledged();
        killUnderLoad(wattle, load, before + ENOUGH);
        wattle.up();
      }
      load.assertNothingLost();
      Proved.that(
          "two kills of everything under load lost none of %d acknowledged counts (%d failed)",
          load.acknowledged(), load.failed());
    }
  }

  private static void killUnderLoad(Wattle wattle, CounterLoad load, long until) {
    await().atMost(Cluster.PATIENCE).until(() -> load.acknowledged() >= until);
    int killed = wattle.processes().killAll();
    assertThat(killed).as("processes: supervisor, nats-server, its guard").isGreaterThan(1);
    wattle.processes().assertGone();
  }

  @Test
  void everythingDiesWithTheSupervisor() throws Exception {
    try (Wattle wattle = Wattle.withHeap("768m")) {
      Up up = wattle.up("--hosts", "2");
      assertThat(up.json().path("hosts")).hasSize(2);
      int before = wattle.processes().alive().size();
      assertThat(before).as("processes").isGreaterThanOrEqualTo(3);
      assertThat(up.supervisor().destroyForcibly()).isTrue();
      wattle.processes().assertGone();
      Proved.that("kill -9 of the supervisor alone ended all %d processes", before);
    }
  }
}

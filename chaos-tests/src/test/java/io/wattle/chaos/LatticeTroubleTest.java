package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.chaos.history.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a lattice of several hosts is spared nothing of, under load. */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LatticeTroubleTest {
  private Cluster cluster;

  @BeforeAll
  void start() throws Exception {
    cluster = Cluster.start();
  }

  @AfterAll
  void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void asAtTheBeginning() throws Exception {
    cluster.onlyOneIsBusy();
  }

  @Test
  void hostKilled() throws Exception {
    List<Window> outages = new ArrayList<>();
    for (int round = 0; round < Figures.rounds(); round++) {
      asAtTheBeginning();
      PartProcess lost = cluster.busy();
      CounterLoad load = cluster.count();
      Window outage;
      try (load;
          LatticeView.Tap tap = cluster.tap()) {
        long served = cluster.servedByBusyHost(load, tap);
        long at = System.nanoTime();
        assertThat(lost.handle().destroyForcibly()).isTrue();
        outage = cluster.repaired("killed", at);
        Cluster.goesOn(load);
        Proved.that(
            "a host was killed that had served all %d requests; full strength after %d ms, %d"
                + " requests failed",
            served, outage.length().toMillis(), load.failed());
      }
      load.assertNothingLostAndFailedOnlyIn(outage);
      outages.add(outage);
    }
    Proved.took("full strength after `kill -9` of a host", outages, Figures.KILLED);
    assertThat(outages)
        .allSatisfy(
            outage -> assertThat(outage.length()).isLessThan(Figures.allowed(Figures.KILLED)));
  }

  @Test
  void hostPausedAndBack() throws Exception {
    List<Window> outages = new ArrayList<>();
    for (int round = 0; round < Figures.rounds(); round++) {
      asAtTheBeginning();
      PartProcess lost = cluster.busy();
      CounterLoad load = cluster.count();
      Window outage;
      try (load;
          LatticeView.Tap tap = cluster.tap()) {
        long served = cluster.servedByBusyHost(load, tap);
        long at = System.nanoTime();
        MarkedProcesses.signal(lost.handle(), "STOP");
        try {
          outage = cluster.repaired("paused", at);
          Cluster.goesOn(load);
        } finally {
          MarkedProcesses.signal(lost.handle(), "CONT");
        }
        cluster.backAgain(lost);
        cluster.noDoubles();
        Cluster.goesOn(load);
        Proved.that(
            "a host stood still that had served all %d requests; full strength after %d ms, %d"
                + " requests failed; it came back and runs nothing twice",
            served, outage.length().toMillis(), load.failed());
      }
      load.assertNothingLostAndFailedOnlyIn(outage);
      outages.add(outage);
    }
    Proved.took("full strength after SIGSTOP of a host", outages, Figures.SILENT);
    assertThat(outages)
        .allSatisfy(
            outage -> assertThat(outage.length()).isLessThan(Figures.allowed(Figures.SILENT)));
  }

  @Test
  void natsKilledAndStartedAgain() throws Exception {
    for (int round = 0; round < Figures.rounds(); round++) {
      CounterLoad load = cluster.count();
      Window outage;
      try (load;
          LatticeView.Tap tap = cluster.tap()) {
        long served = cluster.servedByBusyHost(load, tap);
        long at = System.nanoTime();
        ProcessHandle nats = cluster.wattle().processes().natsServer();
        assertThat(nats.destroyForcibly()).isTrue();
        // Where it is back quickly, no request need fail.
        await()
            .atMost(Cluster.PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(cluster.wattle().processes().natsServer().pid())
                        .isNotEqualTo(nats.pid()));
        outage = cluster.servedAgain("NATS killed", at);
        Cluster.goesOn(load);
        cluster.noDoubles();
        Proved.that(
            "nats-server was killed after %d calls between hosts and started again; requests served"
                + " again after %d ms, %d failed",
            served, outage.length().toMillis(), load.failed());
      }
      load.assertNothingLostAndFailedOnlyIn(outage);
    }
  }
}

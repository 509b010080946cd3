package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.chaos.history.Window;
import io.wattle.cli.connect.JoinToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The machine that runs all of a component is cut off under load: nothing arrives any more, and
 * nobody is told. Then the network comes back.
 */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CutOffTest {
  private static final int NATS = 4222;

  /** A machine, and what runs there. */
  private record Site(Machine machine, Wattle wattle) {
    static Site of(Machine machine) throws IOException {
      return new Site(machine, Wattle.on(machine, "320m"));
    }
  }

  private final List<Site> sites = new ArrayList<>();
  private Namespaces machines;
  private Wattle edge;
  private Cluster cluster;

  @BeforeAll
  void start() throws Exception {
    Namespaces.assumeAvailable();
    machines = Namespaces.create(3);
    sites.add(Site.of(machines.machine(2)));
    sites.add(Site.of(machines.machine(3)));
    Machine first = machines.machine(1);
    edge = Wattle.on(first, "320m");
    String token =
        edge.up("--label", "role=edge", "--listen", first.address() + ":" + NATS)
            .json()
            .path("join_token")
            .asText();
    cluster =
        Cluster.start(
            edge,
            LatticeView.of(JoinToken.parse(token, Instant.now()).options()),
            first.address(),
            name -> worker(name, token));
  }

  /** Where a worker runs. */
  private Site site(String name) {
    return name.equals("one") ? sites.getFirst() : sites.getLast();
  }

  private PartProcess worker(String name, String token) throws IOException {
    Wattle wattle = site(name).wattle();
    Path file = Files.writeString(wattle.folder().resolve("token"), token);
    return PartProcess.host(
        wattle,
        name,
        "--join",
        file.toString(),
        "--label",
        "role=worker",
        "--http-admin",
        site(name).machine().address() + ":0");
  }

  @AfterAll
  void stop() throws Exception {
    try {
      if (cluster != null) {
        cluster.close();
      } else if (edge != null) {
        edge.close();
      }
      for (Site site : sites) {
        site.wattle().processes().assertGone();
        site.wattle().close();
      }
    } finally {
      if (machines != null) {
        machines.close();
      }
    }
  }

  @Test
  void hostCutOffAndBack() throws Exception {
    List<Window> outages = new ArrayList<>();
    for (int round = 0; round < Figures.rounds(); round++) {
      cluster.onlyOneIsBusy();
      PartProcess lost = cluster.busy();
      Machine machine = site(lost.name()).machine();
      CounterLoad load = cluster.count();
      Window outage;
      try (load;
          LatticeView.Tap tap = cluster.tap()) {
        long served = cluster.servedByBusyHost(load, tap);
        long at = System.nanoTime();
        machine.cut();
        try {
          outage = cluster.repaired("cut off", at);
          Cluster.goesOn(load);
          assertThat(lost.handle().isAlive()).as("the host that is cut off").isTrue();
        } finally {
          machine.heal();
        }
        cluster.backAgain(lost);
        cluster.noDoubles();
        Cluster.goesOn(load);
        Proved.that(
            "a host was cut off that had served all %d requests from another machine; full strength"
                + " after %d ms, %d requests failed; it came back and runs nothing twice",
            served, outage.length().toMillis(), load.failed());
      }
      load.assertNothingLostAndFailedOnlyIn(outage);
      outages.add(outage);
    }
    Proved.took("full strength after a host is cut off", outages, Figures.SILENT);
    assertThat(outages)
        .allSatisfy(
            outage -> assertThat(outage.length()).isLessThan(Figures.allowed(Figures.SILENT)));
  }
}

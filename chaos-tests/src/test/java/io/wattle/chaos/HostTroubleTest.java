package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.chaos.history.Window;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A host that runs all of a component is lost under load. HTTP server, store and control plane are
 * on another host, a third one has nothing to do: it must take over.
 */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostTroubleTest {
  private static final long INSTANCES = 8;
  private static final String COUNTER = "spread-counter";
  private static final Map<String, String> WORKER = Map.of("role", "worker");
  private static final int CLIENTS = 4;
  private static final Duration EACH = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int ENOUGH = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** How long it is watched that nothing goes wrong after all. */
  private static final Duration CALM = Duration.ofSeconds(3);

  private Wattle wattle;
  private LatticeView lattice;
  private String url;
  private HostProcess busy;
  private HostProcess spare;

  @BeforeAll
  void start() throws Exception {
    wattle = Wattle.withHeap("320m");
    int port = Ports.free();
    url = "http://127.0.0.1:" + port + "/";
    wattle.up("--label", "role=edge");
    lattice = LatticeView.of(wattle);
    busy = worker("one");
    wattle
        .run(
            "app",
            "deploy",
            Manifests.write(
                wattle.folder(),
                "spread-counter.yaml",
                Map.of("port", port, "instances", INSTANCES)))
        .exits(0);
    spare = worker("two");
    assertThat(instances()).isEqualTo(Map.of(busy.id(), INSTANCES));
  }

  @AfterAll
  void stop() throws Exception {
    if (lattice != null) {
      lattice.close();
    }
    if (busy != null && spare != null) {
      busy.stop();
      spare.stop();
    }
    wattle.close();
  }

  private HostProcess worker(String name) throws Exception {
    return HostProcess.start(wattle, lattice.options(), name, WORKER);
  }

  private Map<String, Long> instances() throws InterruptedException {
    return lattice.instances(COUNTER, List.of(busy.id(), spare.id()));
  }

  @Test
  void killed() throws Exception {
    for (int round = 0; round < Figures.times(1, 10); round++) {
      onlyOneIsBusy();
      CounterLoad load = CounterLoad.start(url, CLIENTS, EACH, PAUSE);
      Window outage;
      try (load;
          LatticeView.Tap tap = lattice.tap(COUNTER)) {
        String served = servedByBusyHost(load, tap);
        long at = System.nanoTime();
        assertThat(busy.handle().destroyForcibly()).isTrue();
        outage = repaired("killed", load, at);
        goesOn(load);
        Proved.that(
            "%s was killed after %s; full strength after %d ms; %d requests failed",
            busy.name(), served, outage.length().toMillis(), load.failed());
      }
      load.assertNothingLostAndFailedOnlyIn(outage);
      assertThat(outage.length()).isLessThan(Figures.allowed(Figures.KILLED));
      swapRoles();
    }
  }

  @Test
  void pausedAndBack() throws Exception {
    for (int round = 0; round < Figures.times(1, 10); round++) {
      onlyOneIsBusy();
      CounterLoad load = CounterLoad.start(url, CLIENTS, EACH, PAUSE);
      Window outage;
      try (load;
          LatticeView.Tap tap = lattice.tap(COUNTER)) {
        String served = servedByBusyHost(load, tap);
        long at = System.nanoTime();
        MarkedProcesses.signal(busy.handle(), "STOP");
        try {
          outage = repaired("paused", load, at);
          goesOn(load);
        } finally {
          MarkedProcesses.signal(busy.handle(), "CONT");
        }
        noDoubles();
        goesOn(load);
        Proved.that(
            "%s stood still after %s; full strength after %d ms; %d requests failed; it came back"
                + " and runs nothing twice",
            busy.name(), served, outage.length().toMillis(), load.failed());
      }
      load.assertNothingLostAndFailedOnlyIn(outage);
      assertThat(outage.length()).isLessThan(Figures.allowed(Figures.SILENT));
      swapRoles();
    }
  }

  /** That the host which is about to be lost does all the work, for callers on another host. */
  private String servedByBusyHost(CounterLoad load, LatticeView.Tap tap) throws Exception {
    await().atMost(PATIENCE).until(() -> load.acknowledged() >= ENOUGH);
    assertThat(instances()).as("who runs it").isEqualTo(Map.of(busy.id(), INSTANCES));
    assertThat(tap.calls()).as("calls between hosts").isGreaterThanOrEqualTo(ENOUGH);
    return load.acknowledged() + " requests served by it alone";
  }

  /** Waits for full strength: all instances on the other host, and a request that it served. */
  private Window repaired(String fault, CounterLoad load, long at) {
    Set<String> other = Set.of(spare.id());
    await()
        .alias(fault + ": all instances run on the other host")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> lattice.instances(COUNTER, other),
            now -> now.equals(Map.of(spare.id(), INSTANCES)));
    long full = System.nanoTime();
    await()
        .alias(fault + ": a request is served again")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> load.history().acknowledgedSince(full) > 0);
    return Window.since(fault, at);
  }

  private static void goesOn(CounterLoad load) {
    long before = load.acknowledged();
    await().atMost(PATIENCE).until(() -> load.acknowledged() >= before + ENOUGH);
  }

  /** Those that came back give up what was replaced meanwhile, and it stays so. */
  private void noDoubles() {
    await().alias("doubles go").atMost(PATIENCE).until(this::total, total -> total == INSTANCES);
    await()
        .alias("no doubles come")
        .during(CALM)
        .atMost(CALM.plus(PATIENCE))
        .until(this::total, total -> total == INSTANCES);
  }

  private long total() throws InterruptedException {
    return instances().values().stream().mapToLong(Long::longValue).sum();
  }

  /** One host runs all, and the other one nothing. */
  private void onlyOneIsBusy() throws Exception {
    if (spare.handle().isAlive() && instances().equals(Map.of(busy.id(), INSTANCES))) {
      return;
    }
    spare.handle().destroyForcibly();
    await()
        .alias("one host runs all")
        .atMost(PATIENCE)
        .until(this::instances, Map.of(busy.id(), INSTANCES)::equals);
    HostProcess again = worker(spare.name());
    assertThat(again.id()).as("the identity").isEqualTo(spare.id());
    spare = again;
  }

  private void swapRoles() {
    HostProcess before = busy;
    busy = spare;
    spare = before;
  }
}

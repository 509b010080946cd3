package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.chaos.history.History;
import io.wattle.chaos.history.Window;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Three hosts: one at the edge, with the HTTP server, the store, NATS and the control plane, and
 * two workers. A counter runs on one of them, the other one has nothing to do.
 */
final class Cluster implements AutoCloseable {
  /** How many instances the counter has. */
  static final long INSTANCES = 8;

  /** For whatever must happen at some time. */
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final String COUNTER = "spread-counter";
  private static final Map<String, String> WORKER = Map.of("role", "worker");
  private static final int CLIENTS = 4;
  private static final Duration EACH = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int ENOUGH = 100;

  /** How long it is watched that nothing goes wrong after all. */
  private static final Duration CALM = Duration.ofSeconds(3);

  private final Wattle wattle;
  private final LatticeView lattice;
  private final String url;
  private HostProcess busy;
  private HostProcess spare;

  private Cluster(
      Wattle wattle, LatticeView lattice, String url, HostProcess busy, HostProcess spare) {
    this.wattle = wattle;
    this.lattice = lattice;
    this.url = url;
    this.busy = busy;
    this.spare = spare;
  }

  /** Starts it and deploys the counter. */
  static Cluster start() throws Exception {
    Wattle wattle = Wattle.withHeap("320m");
    try {
      int port = Ports.free();
      wattle.up("--label", "role=edge");
      LatticeView lattice = LatticeView.of(wattle);
      HostProcess busy = HostProcess.start(wattle, lattice.options(), "one", WORKER);
      wattle
          .run(
              "app",
              "deploy",
              Manifests.write(
                  wattle.folder(),
                  "spread-counter.yaml",
                  Map.of("port", port, "instances", INSTANCES)))
          .exits(0);
      HostProcess spare = HostProcess.start(wattle, lattice.options(), "two", WORKER);
      return new Cluster(wattle, lattice, "http://127.0.0.1:" + port + "/", busy, spare);
    } catch (Exception | AssertionError e) {
      wattle.close();
      throw e;
    }
  }

  Wattle wattle() {
    return wattle;
  }

  LatticeView lattice() {
    return lattice;
  }

  /** The worker that runs the counter. */
  HostProcess busy() {
    return busy;
  }

  /** The worker that runs nothing. */
  HostProcess spare() {
    return spare;
  }

  /** Clients that count. */
  CounterLoad count() {
    return CounterLoad.start(url, CLIENTS, EACH, PAUSE);
  }

  /** Calls of the counter that pass between hosts, from now on. */
  LatticeView.Tap tap() {
    return lattice.tap(COUNTER);
  }

  /** On which worker the counter runs with how many instances, as they say it themselves. */
  Map<String, Long> instances() throws InterruptedException {
    return lattice.instances(COUNTER, List.of(busy.id(), spare.id()));
  }

  /**
   * That the busy host has served all requests of a load, for callers on another host; how many.
   */
  long servedByBusyHost(CounterLoad load, LatticeView.Tap tap) throws InterruptedException {
    await().atMost(PATIENCE).until(() -> load.acknowledged() >= ENOUGH);
    assertThat(instances()).as("who runs it").isEqualTo(Map.of(busy.id(), INSTANCES));
    assertThat(tap.calls()).as("calls between hosts").isGreaterThanOrEqualTo(ENOUGH);
    return load.acknowledged();
  }

  /**
   * Waits for full strength after a fault of the busy host: all instances on the other one, and a
   * request that was begun and served afterwards.
   *
   * @param at when the fault began, {@link System#nanoTime}
   */
  Window repaired(String fault, History history, long at) {
    Set<String> other = Set.of(spare.id());
    await()
        .alias(fault + ": all instances run on the other host")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> lattice.instances(COUNTER, other), Map.of(spare.id(), INSTANCES)::equals);
    return servedAgain(fault, history, at);
  }

  /** Waits until a request is served that began after now. */
  static Window servedAgain(String fault, History history, long at) {
    long now = System.nanoTime();
    await()
        .alias(fault + ": a request is served again")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> history.acknowledgedSince(now) > 0);
    return Window.since(fault, at);
  }

  /** Waits until the load has got a good deal further. */
  static void goesOn(CounterLoad load) {
    long before = load.acknowledged();
    await().atMost(PATIENCE).until(() -> load.acknowledged() >= before + ENOUGH);
  }

  /** Those that came back give up what was replaced meanwhile, and it stays so. */
  void noDoubles() {
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

  /** As at the beginning: one worker runs all, and the other one nothing. */
  void onlyOneIsBusy() throws IOException, InterruptedException {
    if (!busy.handle().isAlive()) {
      HostProcess dead = busy;
      busy = spare;
      spare = dead;
    }
    if (spare.handle().isAlive() && instances().equals(Map.of(busy.id(), INSTANCES))) {
      return;
    }
    spare.handle().destroyForcibly();
    await()
        .alias("one host runs all")
        .atMost(PATIENCE)
        .until(this::instances, Map.of(busy.id(), INSTANCES)::equals);
    HostProcess again = HostProcess.start(wattle, lattice.options(), spare.name(), WORKER);
    assertThat(again.id()).as("the identity").isEqualTo(spare.id());
    spare = again;
  }

  @Override
  public void close() throws IOException {
    lattice.close();
    busy.stop();
    spare.stop();
    wattle.close();
  }
}

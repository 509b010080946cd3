package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.chaos.history.Window;
import java.io.IOException;
import java.net.http.HttpClient;
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
  private static final int CLIENTS = 4;
  private static final Duration EACH = Duration.ofSeconds(20);
  private static final Duration PROBE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int ENOUGH = 100;

  /** How long it is watched that nothing goes wrong after all. */
  private static final Duration CALM = Duration.ofSeconds(3);

  private final Wattle wattle;
  private final LatticeView lattice;
  private final Workers workers;
  private final String url;
  private PartProcess busy;
  private PartProcess spare;

  private Cluster(
      Wattle wattle,
      LatticeView lattice,
      Workers workers,
      String url,
      PartProcess busy,
      PartProcess spare) {
    this.wattle = wattle;
    this.lattice = lattice;
    this.workers = workers;
    this.url = url;
    this.busy = busy;
    this.spare = spare;
  }

  /** Starts a worker; the same name is the same host again. */
  @FunctionalInterface
  interface Workers {
    PartProcess start(String name) throws IOException, InterruptedException;
  }

  /** All three on this machine. */
  static Cluster start() throws Exception {
    Wattle wattle = Wattle.withHeap("320m");
    try {
      wattle.up("--label", "role=edge");
      return start(
          wattle,
          LatticeView.of(wattle),
          "127.0.0.1",
          name -> PartProcess.host(wattle, name, "--label", "role=worker"));
    } catch (Exception | AssertionError e) {
      wattle.close();
      throw e;
    }
  }

  /**
   * Starts the workers {@code one} and {@code two}, and the counter.
   *
   * @param edge where {@code up} has been run
   * @param address of the HTTP server
   */
  static Cluster start(Wattle edge, LatticeView lattice, String address, Workers workers)
      throws Exception {
    String listen = address + ":" + Ports.free();
    PartProcess busy = workers.start("one");
    edge.run(
            "app",
            "deploy",
            Manifests.write(
                edge.folder(),
                "spread-counter.yaml",
                Map.of("address", listen, "instances", INSTANCES)))
        .exits(0);
    PartProcess spare = workers.start("two");
    return new Cluster(edge, lattice, workers, "http://" + listen + "/", busy, spare);
  }

  Wattle wattle() {
    return wattle;
  }

  LatticeView lattice() {
    return lattice;
  }

  /** The worker that runs the counter. */
  PartProcess busy() {
    return busy;
  }

  /** The worker that runs nothing. */
  PartProcess spare() {
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
  long servedByBusyHost(CounterLoad load, LatticeView.Tap tap)
      throws IOException, InterruptedException {
    await().atMost(PATIENCE).until(() -> load.acknowledged() >= ENOUGH);
    await()
        .alias("who runs it")
        .atMost(PATIENCE)
        .until(this::instances, Map.of(busy.id(), INSTANCES)::equals);
    assertThat(busy.served(COUNTER))
        .as("invocations by the host's own count")
        .isGreaterThanOrEqualTo(ENOUGH);
    await().alias("calls between hosts").atMost(PATIENCE).until(() -> tap.calls() >= ENOUGH);
    return load.acknowledged();
  }

  /**
   * Waits for full strength after a fault of the busy host: all instances on the other one, and a
   * request that was begun and served afterwards.
   *
   * @param at when the fault began, {@link System#nanoTime}
   */
  Window repaired(String fault, long at) {
    Set<String> other = Set.of(spare.id());
    await()
        .alias(fault + ": all instances run on the other host")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> lattice.instances(COUNTER, other), Map.of(spare.id(), INSTANCES)::equals);
    return servedAgain(fault, at);
  }

  /** As below, of this counter. */
  Window servedAgain(String fault, long at) {
    return servedAgain(fault, url, at);
  }

  /**
   * Waits until a request is served that began after now. It is one of its own: those of a load may
   * still wait for what is lost.
   */
  static Window servedAgain(String fault, String url, long at) {
    try (HttpClient client = Web.client()) {
      await()
          .alias(fault + ": a request is served again")
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(50))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> Web.get(client, url + "probe", PROBE).status() == 200);
      return Window.since(fault, at);
    }
  }

  /** Waits until the load has got a good deal further. */
  static void goesOn(CounterLoad load) {
    long before = load.acknowledged();
    await().atMost(PATIENCE).until(() -> load.acknowledged() >= before + ENOUGH);
  }

  /** Waits until a host answers again. */
  void backAgain(PartProcess host) {
    await()
        .alias(host.name() + " is in the lattice again")
        .atMost(PATIENCE)
        .until(() -> lattice.answers(host.id()));
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
      PartProcess dead = busy;
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
    PartProcess again = workers.start(spare.name());
    assertThat(again.id()).as("the identity").isEqualTo(spare.id());
    spare = again;
  }

  @Override
  public void close() throws IOException {
    lattice.close();
    busy.stop();
    spare.stop();
    wattle.close(); // and checks that they have ended
  }
}

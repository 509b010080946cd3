package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.chaos.history.HistoryCheck;
import io.wattle.chaos.history.Operation;
import io.wattle.cli.app.AppClient;
import io.wattle.cli.app.Rollout;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.event.ReceivedEvent;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.testing.RedisBinary;
import io.wattle.lattice.testing.RedisForTests;
import io.wattle.lattice.testing.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Two components count, on another host than their stores. The link of each leads to one store and
 * then to the other, again and again: of one because an application is deployed that names the
 * other store, of one because it is put by hand.
 */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SwapTroubleTest {
  private static final String APP = "swap";
  private static final String DECLARED = "swap-declared";
  private static final String UNDECLARED = "swap-undeclared";

  /** How many swaps: of the property {@code wattle.chaos.swaps}. */
  private static final int SWAPS =
      Integer.getInteger("wattle.chaos.swaps", Figures.times(300, 10_000));

  /** A deploy takes as long as many links that are put. */
  private static final int DEPLOY_EVERY = Figures.times(25, 20);

  /** On a slow machine {@code verify} does fewer. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(Figures.times(8, 3600));

  private static final int AT_LEAST = DEPLOY_EVERY + 5;

  /** Where the second store begins to count, to tell its numbers from those of the first one. */
  private static final long SECOND = 1_000_000_000;

  private static final int CLIENTS = 3;
  private static final Duration EACH = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final ConcurrentLinkedQueue<ReceivedEvent> starts = new ConcurrentLinkedQueue<>();
  private Wattle wattle;
  private LatticeView lattice;
  private PartProcess worker;
  private @Nullable RedisServer redis;
  private CountStore first;
  private CountStore second;
  private int declaredPort;
  private int undeclaredPort;

  @BeforeAll
  void start() throws Exception {
    wattle = Wattle.withHeap("320m");
    wattle.up("--label", "role=edge");
    worker = PartProcess.host(wattle, "worker", "--label", "role=worker");
    lattice = LatticeView.of(wattle);
    first = CountStore.InBucket.open(lattice.connection(), "swap-first");
    second = second();
    declaredPort = Ports.free();
    undeclaredPort = Ports.free();
    for (String component : List.of(DECLARED, UNDECLARED)) {
      for (String key : keys(component)) {
        second.set(key, SECOND);
      }
    }
    wattle.run("app", "deploy", manifest("first", first)).exits(0);
    put("by-hand-first", first);
    put("by-hand-second", second);
    byHand("first");
  }

  /** Redis where there is one, else another bucket. */
  private CountStore second() throws Exception {
    Optional<RedisBinary> binary = RedisForTests.binary();
    if (binary.isEmpty()) {
      return CountStore.InBucket.open(lattice.connection(), "swap-second");
    }
    Path folder = Files.createDirectory(wattle.folder().resolve("redis"));
    redis = RedisServer.start(binary.get(), folder);
    return new CountStore.InRedis(redis);
  }

  private void put(String config, CountStore store) throws InterruptedException {
    lattice.control().putConfig(config, Map.of(store.setting(), store.value()));
  }

  /** The application whose component counts in this store. */
  private String manifest(String name, CountStore store) throws Exception {
    return Manifests.write(
        wattle.folder(),
        "swap.yaml",
        Map.of(
            "store",
            name,
            "key",
            store.setting(),
            "value",
            store.value(),
            "second",
            second.image(),
            "declared",
            declaredPort,
            "undeclared",
            undeclaredPort));
  }

  @AfterAll
  void stop() throws Exception {
    if (lattice != null) {
      lattice.close();
    }
    if (worker != null) {
      worker.stop();
    }
    wattle.close();
    if (redis != null) {
      redis.close();
    }
  }

  @Test
  void storesAreSwappedUnderLoad() throws Exception {
    Swaps deployed = new Swaps();
    Swaps byHand = new Swaps();
    double loads = worker.loads(DECLARED) + worker.loads(UNDECLARED);
    assertThat(loads).as("times their code was loaded").isEqualTo(2);
    Load declared = load(declaredPort, DECLARED);
    Load undeclared = load(undeclaredPort, UNDECLARED);
    long began = System.nanoTime();
    try (declared;
        undeclared;
        Subscription _ = lattice.listen(this::note);
        LatticeView.Tap toFirst = lattice.tap("swap-first");
        LatticeView.Tap toSecond = lattice.tap("swap-second")) {
      // Once each way as a user does it, then as fast as it goes.
      deployed.next(this::deployByCommand);
      deployed.next(this::deployByCommand);
      byHand.next(this::byCommand);
      while (isWanted(deployed.count() + byHand.count(), began)) {
        if ((deployed.count() + byHand.count()) % DEPLOY_EVERY == 0) {
          deployed.next(this::deploy);
        } else {
          byHand.next(this::byHand);
        }
      }
      await()
          .alias("calls to both stores from another host")
          .atMost(PATIENCE)
          .until(() -> toFirst.calls() > 0 && toSecond.calls() > 0);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    assertThat(starts).as("what was started or scaled meanwhile").isEmpty();
    assertThat(worker.loads(DECLARED) + worker.loads(UNDECLARED))
        .as("times their code was loaded")
        .isEqualTo(loads);
    Proved.that(
        "swaps between %s and %s within %d ms, from a component on another host:",
        first, second, took.toMillis());
    complete("by app deploy", deployed, DECLARED, declared.history().operations());
    complete("by link put --replace", byHand, UNDECLARED, undeclared.history().operations());
    Proved.figure(
        "failed requests during swaps of a store",
        "%,d of %,d"
            .formatted(
                declared.history().failed() + undeclared.history().failed(),
                declared.history().acknowledged() + undeclared.history().acknowledged()),
        "0",
        "%,d swaps, %,d of them by `app deploy`"
            .formatted(deployed.count() + byHand.count(), deployed.count()));
  }

  private static boolean isWanted(int done, long began) {
    boolean isTime = System.nanoTime() - began < LONG_ENOUGH.toNanos();
    return done < SWAPS && (isTime || done < AT_LEAST);
  }

  private static Load load(int port, String component) {
    List<String> keys = keys(component);
    String shared = keys.getLast();
    return Load.start(
        "http://127.0.0.1:" + port + "/",
        EACH,
        PAUSE,
        keys.stream().limit(CLIENTS).map(key -> List.of(key, shared)).toList());
  }

  /** One for each client, and one for all. */
  private static List<String> keys(String component) {
    return Stream.concat(
            Stream.iterate(0, i -> i + 1).limit(CLIENTS).map(i -> component + "-own" + i),
            Stream.of(component + "-shared"))
        .toList();
  }

  private void deployByCommand(String store) throws Exception {
    wattle.run("app", "deploy", manifest(store, store.equals("first") ? first : second)).exits(0);
  }

  /** As the command does it. */
  private void deploy(String store) throws Exception {
    new AppClient(lattice.connection()).deploy(APP, "to-" + store);
    new Rollout(lattice.connection(), line -> {}).await(APP, PATIENCE);
  }

  private void byCommand(String store) throws Exception {
    wattle
        .run(
            "link",
            "put",
            "--replace",
            "--interface",
            "store,atomics",
            "--target-config",
            "by-hand-" + store,
            UNDECLARED,
            "swap-" + store,
            "wasi",
            "keyvalue")
        .exits(0);
  }

  /** As the command does it. */
  private void byHand(String store) throws InterruptedException {
    lattice
        .control()
        .replaceLink(
            Link.of(UNDECLARED, "swap-" + store, "wasi", "keyvalue", "store", "atomics")
                .withConfigs(List.of(), List.of("by-hand-" + store)));
  }

  private void note(ReceivedEvent event) {
    switch (event.event()) {
      case LatticeEvent.ComponentScaled _,
          LatticeEvent.ComponentScaleFailed _,
          LatticeEvent.ProviderStarted _,
          LatticeEvent.ProviderStartFailed _,
          LatticeEvent.ProviderStopped _,
          LatticeEvent.HostStarted _,
          LatticeEvent.HostStopped _ ->
          starts.add(event);
      default -> {} // links, and signs of life
    }
  }

  /** That no request failed, and that each store's sequence of each key is without a gap. */
  private void complete(String how, Swaps swaps, String component, List<Operation> all)
      throws Exception {
    assertThat(HistoryCheck.failuresOutside(all, List.of())).isEmpty();
    List<Operation> ofFirst = all.stream().filter(o -> count(o) <= SECOND).toList();
    List<Operation> ofSecond = all.stream().filter(o -> count(o) > SECOND).toList();
    assertThat(ofFirst).as("writes to the first store, " + how).isNotEmpty();
    assertThat(ofSecond).as("writes to the second store, " + how).isNotEmpty();
    long written = 0;
    for (String key : keys(component)) {
      written += complete(first, key, 0, ofFirst);
      written += complete(second, key, SECOND, ofSecond);
    }
    assertThat(written).as("writes, and acknowledged requests").isEqualTo(all.size());
    assertThat(HistoryCheck.countsGoingBack(ofFirst)).isEmpty();
    assertThat(HistoryCheck.countsGoingBack(ofSecond)).isEmpty();
    long underWay = swaps.underWay(all);
    assertThat(underWay).as("swaps that began while requests were under way").isPositive();
    Proved.that(
        "%,6d %s (median %d ms), %,d while requests were under way: %,d writes to %s, %,d to %s,"
            + " each sequence complete; 0 requests failed, nothing was started again",
        swaps.count(),
        how,
        swaps.median().toMillis(),
        underWay,
        ofFirst.size(),
        first,
        ofSecond.size(),
        second);
  }

  private static long count(Operation operation) {
    return operation.count().orElseThrow();
  }

  /** That a store has told all numbers of a key, and holds the last one; how many. */
  private static int complete(CountStore store, String key, long from, List<Operation> ofStore)
      throws Exception {
    List<Long> told = new ArrayList<>();
    for (Operation operation : ofStore) {
      if (operation.key().equals(key)) {
        told.add(count(operation));
      }
    }
    told.sort(null);
    assertThat(told)
        .as("sequence of " + key)
        .isEqualTo(LongStream.rangeClosed(from + 1, from + told.size()).boxed().toList());
    assertThat(store.count(key)).as("what the store holds of " + key).isEqualTo(from + told.size());
    return told.size();
  }
}

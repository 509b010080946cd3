package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.chaos.history.Window;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.event.LatticeEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A provider that is a process of its own is killed while a component uses it. */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProviderTroubleTest {
  private static final String PROVIDER = "apart-kv";
  private static final int CLIENTS = 4;
  private static final int ENOUGH = 100;
  private static final Duration EACH = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Wattle wattle;
  private LatticeView lattice;
  private String url;

  @BeforeAll
  void start() throws Exception {
    wattle = Wattle.withHeap("320m");
    wattle.up();
    lattice = LatticeView.of(wattle);
    int port = Ports.free();
    wattle
        .run(
            "app",
            "deploy",
            Manifests.write(
                wattle.folder(),
                "provider-process.yaml",
                Map.of("program", program(), "port", port)))
        .exits(0);
    url = "http://127.0.0.1:" + port + "/";
  }

  /** An executable that is {@code wattle provider keyvalue-nats}, marked as ours. */
  private Path program() throws Exception {
    ProcessBuilder provider = wattle.builder("provider", "keyvalue-nats");
    String command =
        provider.command().stream()
            .map(argument -> "'" + argument.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    String mark = MarkedProcesses.VARIABLE + "=" + wattle.processes().mark();
    Path program = wattle.folder().resolve("kv");
    Files.writeString(program, "#!/bin/sh\nexport " + mark + "\nexec " + command + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  @AfterAll
  void stop() throws Exception {
    if (lattice != null) {
      lattice.close();
    }
    wattle.close();
  }

  @Test
  void providerKilled() throws Exception {
    Queue<LatticeEvent> health = new ConcurrentLinkedQueue<>();
    for (int round = 0; round < Math.min(5, Figures.rounds()); round++) {
      health.clear();
      CounterLoad load = CounterLoad.start(url, CLIENTS, EACH, PAUSE);
      Window outage;
      try (load;
          LatticeView.Tap tap = lattice.tap(PROVIDER);
          Subscription _ = lattice.listen(event -> health.add(event.event()))) {
        await().atMost(Cluster.PATIENCE).until(() -> load.acknowledged() >= ENOUGH);
        await()
            .alias("calls that the process served")
            .atMost(Cluster.PATIENCE)
            .until(() -> tap.calls() >= ENOUGH);
        long served = tap.calls();
        ProcessHandle lost = process();
        long at = System.nanoTime();
        assertThat(lost.destroyForcibly()).isTrue();
        outage = Cluster.servedAgain("provider killed", url, at);
        Cluster.goesOn(load);
        ProcessHandle next = process();
        assertThat(next.pid()).as("the process that serves now").isNotEqualTo(lost.pid());
        LatticeEvent.HealthCheckFailed failed =
            await()
                .alias("the event that it is gone, and that it is well")
                .atMost(Cluster.PATIENCE)
                .until(() -> failed(health), all -> !all.isEmpty() && isWell(health))
                .getFirst();
        Proved.that(
            "a provider's process was killed that had served %d calls (%s); another one serves"
                + " after %d ms, %d requests failed meanwhile, %d counts acknowledged, none lost",
            served,
            String.valueOf(failed.extra().get("wattle_problem")),
            outage.length().toMillis(),
            load.failed(),
            load.acknowledged());
      }
      load.assertNothingLostAndFailedOnlyIn(outage);
    }
  }

  private static List<LatticeEvent.HealthCheckFailed> failed(Queue<LatticeEvent> events) {
    return events.stream()
        .filter(event -> event instanceof LatticeEvent.HealthCheckFailed)
        .map(LatticeEvent.HealthCheckFailed.class::cast)
        .filter(event -> event.providerId().equals(PROVIDER))
        .toList();
  }

  private static boolean isWell(Queue<LatticeEvent> events) {
    return events.stream()
        .anyMatch(
            event ->
                event instanceof LatticeEvent.HealthCheckPassed passed
                    && passed.providerId().equals(PROVIDER));
  }

  /** The provider's, of which there is one. */
  private ProcessHandle process() {
    List<ProcessHandle> found = wattle.processes().running("provider", "keyvalue-nats");
    assertThat(found).as("processes of the provider").hasSize(1);
    return found.getFirst();
  }
}

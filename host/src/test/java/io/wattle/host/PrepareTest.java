package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.testing.NatsForTests;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Compiling ahead, as the control plane asks for it and sees it in the inventory. */
final class PrepareTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  @TempDir Path dir;

  private static void awaitPrepared(TestLattice lattice, Host host, String image) {
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () ->
                assertThat(lattice.control.inventory(host.id()).extra().get(HostInventory.PREPARED))
                    .anyMatch(i -> i.asText().equals(image)));
  }

  @Test
  void whatWasCompiledAheadIsNotCompiledAgain() throws Exception {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (TestLattice lattice = new TestLattice(NATS, dir)) {
      Host host = lattice.host(o -> o.metrics(metrics));
      String image = TestLattice.image("http-hello-world");
      lattice.control.prepare(host.id(), image);
      awaitPrepared(lattice, host, image);
      long compiled = metrics.get("wattle.engine.compile").timer().count();
      assertThat(compiled).isPositive();
      lattice.scale(host, "hello", "http-hello-world", 1);
      lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
      assertThat(metrics.get("wattle.engine.compile").timer().count()).isEqualTo(compiled);
    }
  }

  @Test
  void whatCannotBeCompiledIsNotAskedForAgain() throws Exception {
    try (TestLattice lattice = new TestLattice(NATS, dir)) {
      Host host = lattice.host();
      lattice.control.prepare(host.id(), "file:///nowhere.wasm");
      awaitPrepared(lattice, host, "file:///nowhere.wasm");
      assertThat(lattice.control.inventory(host.id()).components()).isEmpty();
    }
  }
}

package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.testing.NatsForTests;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Components and providers that find each other although each is on a host of its own. */
class TwoHostsTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  @TempDir Path dir;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private TestLattice lattice;
  private Host first;
  private Host second;
  private final Web web = new Web();

  @BeforeEach
  void join() throws Exception {
    lattice = new TestLattice(NATS, dir);
    first = lattice.host(o -> o.metrics(metrics));
    second = lattice.host();
  }

  @AfterEach
  void leave() {
    lattice.close();
    web.close();
  }

  private DistributionSummary messages(String path) {
    return metrics.get("wattle.call.messages").tag("path", path).summary();
  }

  private void start(Host host, String id, String guest, int nth) throws Exception {
    lattice.scale(host, id, guest, 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, nth);
  }

  @Test
  void aComponentCallsAnotherWithOneMessageEachWay() throws Exception {
    start(first, "greeter-http", "greeter-http", 1);
    start(second, "greeter-c", "greeter-c", 2);
    lattice.control.putLink(Link.of("greeter-http", "greeter-c", "wattle", "examples", "greeter"));
    String url = lattice.serve(first, "greeter-http");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(web.get(url + "Ada").body())
                    .isEqualToIgnoringNewLines("Hello, Ada, from C!"));
    assertThat(messages("one-message").count()).isGreaterThanOrEqualTo(1);
    assertThat(messages("one-message").max()).isEqualTo(2);
    assertThat(messages("wrpc").count()).isZero();
    Timer inProcess = metrics.get("wattle.calls").tag("path", "in-process").timer();
    assertThat(inProcess.count()).as("http-server to greeter-http").isGreaterThanOrEqualTo(1);
    assertThat(messages("in-process").max()).isZero();
  }

  @Test
  void aComponentUsesAStoreOfAnotherHost() throws Exception {
    start(first, "counter", "http-counter", 1);
    lattice.keyValue(second, "counter");
    String url = lattice.serve(first, "counter");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(web.get(url + "a").statusCode()).isEqualTo(200));
    assertThat(web.get(url + "b").body()).isEqualToIgnoringNewLines("b: 1");
    assertThat(web.get(url + "b").body()).isEqualToIgnoringNewLines("b: 2");
    assertThat(messages("one-message").count()).isGreaterThanOrEqualTo(3);
    assertThat(messages("one-message").max()).isEqualTo(2);
  }
}

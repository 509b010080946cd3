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
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Components and providers that find each other although each is on a host of its own. */
class TwoHostsTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private Host first;
  private Host second;

  TwoHostsTest() {
    super(NATS);
  }

  @BeforeEach
  void startHosts() throws Exception {
    first = lattice.host(o -> o.metrics(metrics));
    second = lattice.host();
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
        .atMost(Duration.ofSeconds(90))
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
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(web.get(url + "a").statusCode()).isEqualTo(200));
    assertThat(web.get(url + "b").body()).isEqualToIgnoringNewLines("b: 1");
    assertThat(web.get(url + "b").body()).isEqualToIgnoringNewLines("b: 2");
    assertThat(messages("one-message").count()).isGreaterThanOrEqualTo(3);
    assertThat(messages("one-message").max()).isEqualTo(2);
  }

  @Test
  void requestsFromOutsideReachAComponentOfAnotherHost() throws Exception {
    start(second, "tools", "http-toolbox", 1);
    String url = lattice.serve(first, "tools");
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(web.get(url + "state").statusCode()).isEqualTo(200));
    assertThat(web.get(url + "status?code=418").statusCode()).isEqualTo(418);
    await() // an answer that is slow to end is streamed, on a busy machine
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () -> {
              assertThat(web.get(url + "state").statusCode()).isEqualTo(200);
              assertThat(messages("one-message").count()).as("small ones").isPositive();
            });
    String small = "y".repeat(500);
    assertThat(web.post(url + "echo", small).body()).isEqualTo(small);
    String large = "x".repeat(3 << 20);
    assertThat(web.post(url + "echo", large).body()).isEqualTo(large);
    HttpResponse<String> streamed = web.get(url + "stream?chunks=20&size=1000&delay-ms=5");
    assertThat(streamed.body()).hasSize(20_000);
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(messages("wrpc").count()).isGreaterThanOrEqualTo(2));
    assertThat(web.get(url + "panic").statusCode()).isGreaterThanOrEqualTo(500);
  }

  @Test
  void trailersCrossHostsBothWays() throws Exception {
    start(second, "tools", "http-toolbox", 1);
    String url = lattice.serve(first, "tools");
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(web.get(url + "state").statusCode()).isEqualTo(200));
    assertThat(RawHttp.get(url + "trailers"))
        .contains("trailers follow")
        .contains("x-check: ok")
        .contains("x-many: one")
        .contains("x-many: two");
    assertThat(RawHttp.post(url + "echo", "a body", "x-sum: 42"))
        .startsWith("HTTP/1.1 200")
        .contains("a body", "x-sum: 42");
  }

  @Test
  void requestsOfAComponentReachAComponentOfAnotherHost() throws Exception {
    start(first, "tools", "http-toolbox", 1);
    start(second, "answers", "http-toolbox", 2);
    lattice.control.putLink(Link.of("tools", "answers", "wasi", "http", "outgoing-handler"));
    String url = lattice.serve(first, "tools");
    String out = url + "outgoing?url=http://somewhere";
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () -> assertThat(web.get(out + "/status?code=203").statusCode()).isEqualTo(203));
    assertThat(web.get(out + "/request").body().lines())
        .containsExactly("Method::Get", "http", "somewhere", "/request");
    assertThat(web.get(out + "/stream?chunks=3%26size=100000").body()).isNotEmpty();
    await() // calls with streams are counted once those have ended
        .atMost(Duration.ofSeconds(90))
        .until(() -> messages("one-message").count() + messages("wrpc").count() >= 3);
    lattice.scale(second, "answers", "http-toolbox", 0);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 3);
    HttpResponse<String> nobody = web.get(out + "/request");
    assertThat(nobody.statusCode()).isEqualTo(502);
  }

  @Test
  void aComponentChoosesAmongItsLinksByName() throws Exception {
    start(first, "greeter-http", "greeter-http", 1);
    start(first, "by-name", "greeter-by-name", 2);
    start(second, "greeter-c", "greeter-c", 3);
    lattice.control.putLink(Link.of("greeter-http", "by-name", "wattle", "examples", "greeter"));
    lattice.control.putLink(
        Link.of("by-name", "greeter-c", "wattle", "examples", "greeter").withName("there"));
    String url = lattice.serve(first, "greeter-http");
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () ->
                assertThat(web.get(url + "there").body())
                    .isEqualToIgnoringNewLines("Hello, there, from C!"));
    assertThat(messages("one-message").count()).isGreaterThanOrEqualTo(1);
    assertThat(web.get(url + "nowhere").statusCode()).isGreaterThanOrEqualTo(500);
    assertThat(web.get(url + "default").statusCode()).isGreaterThanOrEqualTo(500);
  }
}

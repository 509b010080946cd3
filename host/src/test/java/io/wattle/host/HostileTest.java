package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.testing.NatsForTests;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guests that misbehave end their own invocation and nothing else. */
class HostileTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  @TempDir Path dir;
  private TestLattice lattice;
  private final Web web = new Web();

  @BeforeEach
  void join() throws Exception {
    lattice = new TestLattice(NATS, dir);
  }

  @AfterEach
  void leave() {
    lattice.close();
    web.close();
  }

  @Test
  void endsHostileGuestsAndGivesTheirPermitsBack() throws Exception {
    Host host =
        lattice.host(
            o ->
                o.maxInvocation(Duration.ofSeconds(2))
                    .admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    lattice.scale(host, "hostile", "hostile", 4);
    lattice.scale(host, "hello", "http-hello-world", 4);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 2);
    String bad = lattice.serve(host, "hostile");
    String good = lattice.serve(host, "hello");
    web.get(good);
    web.get(bad + "ok");
    List<CompletableFuture<HttpResponse<String>>> loops = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      loops.add(web.getAsync(bad + "loop"));
    }
    long before = System.nanoTime();
    String livez = "http://127.0.0.1:" + host.adminPort().orElseThrow() + "/livez";
    assertThat(web.get(livez).statusCode()).isEqualTo(200);
    assertThat(web.get(good).statusCode()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
    for (CompletableFuture<HttpResponse<String>> loop : loops) {
      HttpResponse<String> ended = loop.get(20, TimeUnit.SECONDS);
      assertThat(ended.statusCode()).isEqualTo(504);
    }
    assertThat(web.get(bad + "ok").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "loop,504",
    "recurse,500",
    "fill?mb=1024,'504,507'",
    "host-sleep,504",
    "handles,'500,503,504'",
    "huge-random,'500,503,504'",
    "bad-pointer,500",
    "out-of-bounds,500",
    "trap,500"
  })
  void endsEveryKindOfHostileGuest(String route, String expected) throws Exception {
    Host host = lattice.host(o -> o.maxInvocation(Duration.ofSeconds(2)));
    int atOnce = Runtime.getRuntime().availableProcessors() + 2;
    lattice.scale(host, "hostile", "hostile", atOnce);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "hostile");
    web.get(url + "ok");
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < atOnce; i++) {
      answers.add(web.getAsync(url + route));
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      HttpResponse<String> ended = answer.get(20, TimeUnit.SECONDS);
      assertThat(expected.split(",")).contains(String.valueOf(ended.statusCode()));
      assertThat(ended.body()).isNotBlank();
    }
    for (int i = 0; i < atOnce; i++) {
      assertThat(web.get(url + "ok").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void stopsEndlessTailCalls() throws Exception {
    Host host = lattice.host(o -> o.maxInvocation(Duration.ofSeconds(2)));
    lattice.scale(host, "tail-call", "tail-call", 2);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "tail-call");
    assertThat(web.get(url).statusCode()).isEqualTo(504);
  }

  @Test
  void givesMemoryOnlyWhileThereIsSome() throws Exception {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Host host =
        lattice.host(
            o -> o.memoryBudget(160L << 20).metrics(metrics).maxInvocation(Duration.ofSeconds(8)));
    lattice.scale(host, "hostile", "hostile", 4);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "hostile");
    assertThat(web.get(url + "ok").statusCode()).isEqualTo(200);
    Gauge used = metrics.get("wattle.engine.memory.used").gauge();
    var first = web.getAsync(url + "fill?mb=64");
    var second = web.getAsync(url + "fill?mb=64");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(used.value()).isGreaterThan(128L << 20));
    Gauge byComponent = metrics.get("wattle.component.memory").tag("component", "hostile").gauge();
    assertThat(byComponent.value()).isGreaterThan(128L << 20);
    assertThat(web.get(url + "fill?mb=64&rounds=1").statusCode()).isGreaterThanOrEqualTo(500);
    assertThat(web.get(url + "ok").statusCode()).isEqualTo(200);
    assertThat(first.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
    assertThat(second.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
    assertThat(web.get(url + "fill?mb=64&rounds=1").statusCode()).isEqualTo(200);
  }

  @Test
  void cutsOffWhatDoesNotEndWhenTheHostStops() throws Exception {
    Host host = lattice.host();
    lattice.scale(host, "hostile", "hostile", 4);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "hostile");
    web.get(url + "ok");
    CompletableFuture<HttpResponse<String>> endless = web.getAsync(url + "loop");
    web.get(url + "ok");
    long before = System.nanoTime();
    host.stop(Duration.ofSeconds(2));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    assertThat(endless.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
  }
}

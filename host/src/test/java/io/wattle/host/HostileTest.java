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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guests that misbehave end their own invocation and nothing else. */
@Isolated("Its guests take all processors and most of the memory.")
class HostileTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  /** What guests have that should be ended. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  private static final int TRIES = 8;

  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  HostileTest() {
    super(NATS);
  }

  @Test
  void endsHostileGuestsAndGivesTheirPermitsBack() throws Exception {
    Host host =
        lattice.host(
            o ->
                o.maxInvocation(SHORT)
                    .metrics(metrics)
                    .admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    lattice.scale(host, "hostile", "hostile", 4);
    lattice.scale(host, "hello", "http-hello-world", 4);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 2);
    String bad = lattice.serve(host, "hostile");
    String good = lattice.serve(host, "hello");
    works(good);
    works(bad + "ok");
    List<CompletableFuture<HttpResponse<String>>> loops = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      loops.add(web.getAsync(bad + "loop"));
    }
    await().until(() -> inFlight() > 0 || loops.stream().allMatch(CompletableFuture::isDone));
    String livez = "http://127.0.0.1:" + host.adminPort().orElseThrow() + "/livez";
    assertThat(web.get(livez).statusCode()).isEqualTo(200);
    works(good);
    for (CompletableFuture<HttpResponse<String>> loop : loops) {
      HttpResponse<String> ended = loop.get(90, TimeUnit.SECONDS);
      assertThat(ended.statusCode()).isEqualTo(504);
    }
    works(bad + "ok");
  }

  /** Answers with 200; 504 is what a machine that stands still for {@link #SHORT} brings about. */
  private void works(String url) throws Exception {
    int status = web.get(url).statusCode();
    for (int tried = 1; tried < TRIES && status == 504; tried++) {
      status = web.get(url).statusCode();
    }
    assertThat(status).as(url).isEqualTo(200);
  }

  private double inFlight() {
    return metrics.get("wattle.component.in.flight").tag("component", "hostile").gauge().value();
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
    Host host = lattice.host(o -> o.maxInvocation(SHORT));
    int atOnce = Math.min(Runtime.getRuntime().availableProcessors(), 4) + 2;
    lattice.scale(host, "hostile", "hostile", atOnce);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "hostile");
    works(url + "ok");
    List<String> endings = atOnce(url + route, atOnce);
    for (int tried = 1; tried < TRIES && stoodStill(endings, expected); tried++) {
      endings = atOnce(url + route, atOnce);
    }
    assertThat(expected.split(",")).containsAll(endings);
    for (int i = 0; i < atOnce; i++) {
      works(url + "ok");
    }
  }

  private List<String> atOnce(String url, int count) throws Exception {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(web.getAsync(url));
    }
    List<String> endings = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      HttpResponse<String> ended = answer.get(90, TimeUnit.SECONDS);
      assertThat(ended.body()).isNotBlank();
      endings.add(String.valueOf(ended.statusCode()));
    }
    return endings;
  }

  /** Whether a deadline has passed where nothing takes time. */
  private static boolean stoodStill(List<String> endings, String expected) {
    return endings.contains("504") && !expected.contains("504");
  }

  @Test
  void stopsEndlessTailCalls() throws Exception {
    Host host = lattice.host(o -> o.maxInvocation(SHORT));
    lattice.scale(host, "tail-call", "tail-call", 2);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "tail-call");
    assertThat(web.get(url).statusCode()).isEqualTo(504);
  }

  @Test
  void givesMemoryOnlyWhileThereIsSome() throws Exception {
    Host host =
        lattice.host(
            o -> o.memoryBudget(160L << 20).metrics(metrics).maxInvocation(Duration.ofSeconds(4)));
    lattice.scale(host, "hostile", "hostile", 4);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "hostile");
    works(url + "ok");
    boolean seen = false;
    for (int tried = 0; tried < TRIES && !seen; tried++) {
      seen = refusesWhatDoesNotFit(url);
    }
    assertThat(seen).as("two held their memory long enough").isTrue();
    works(url + "fill?mb=64&rounds=1");
  }

  /** Whether two held all memory meanwhile; a machine that stands still may end them before. */
  private boolean refusesWhatDoesNotFit(String url) throws Exception {
    Gauge used = metrics.get("wattle.engine.memory.used").gauge();
    var first = web.getAsync(url + "fill?mb=64");
    var second = web.getAsync(url + "fill?mb=64");
    await().until(() -> used.value() > 128L << 20 || first.isDone() || second.isDone());
    Gauge byComponent = metrics.get("wattle.component.memory").tag("component", "hostile").gauge();
    double held = byComponent.value();
    int third = web.get(url + "fill?mb=64&rounds=1").statusCode();
    int small = web.get(url + "ok").statusCode();
    boolean seen = !first.isDone() && !second.isDone();
    if (seen) {
      assertThat(held).isGreaterThan(128L << 20);
      assertThat(third).isGreaterThanOrEqualTo(500);
      assertThat(small).isEqualTo(200);
    }
    assertThat(first.get(90, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
    assertThat(second.get(90, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
    return seen;
  }

  @Test
  void cutsOffWhatDoesNotEndWhenTheHostStops() throws Exception {
    Host host = lattice.host(o -> o.metrics(metrics));
    lattice.scale(host, "hostile", "hostile", 4);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "hostile");
    web.get(url + "ok");
    CompletableFuture<HttpResponse<String>> endless = web.getAsync(url + "loop");
    await().until(() -> inFlight() == 1);
    long before = System.nanoTime();
    host.stop(Duration.ofSeconds(1));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(90));
    assertThat(endless.get(90, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
  }
}

package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.control.UpdateComponent;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.wrpc.AsyncShapeResolver;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.lattice.wrpc.WrpcClient;
import io.wattle.wit.io.Deadline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Components and providers on real hosts, reached by HTTP as users reach them. */
class HostingTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  HostingTest() {
    super(NATS);
  }

  @Test
  void servesAComponent() throws Exception {
    Host host =
        lattice.host(o -> o.admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    lattice.scale(host, "hello", "http-hello-world", 10);
    LatticeEvent.ComponentScaled scaled = lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    assertThat(scaled.maxInstances()).isEqualTo(10);
    assertThat(scaled.imageRef()).isEqualTo(TestLattice.image("http-hello-world"));
    String url = lattice.serve(host, "hello");
    assertThat(web.get(url + "x").body()).contains("Hello from Wattle!");
    String metrics =
        web.get("http://127.0.0.1:" + host.adminPort().orElseThrow() + "/metrics").body();
    assertThat(metrics).contains("wattle_component_invocations_total{component=\"hello\"} 1.0");
    lattice.scale(host, "hello", "http-hello-world", 0);
    assertThat(lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 2).maxInstances()).isZero();
    assertThat(web.get(url).statusCode()).isIn(502, 503);
    assertThat(lattice.control.inventory(host.id()).components()).isEmpty();
  }

  @Test
  void countsWithAKeyValueStore() throws Exception {
    Host host = lattice.host();
    lattice.scale(host, "counter", "http-counter", 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    assertThat(lattice.missingLinks(host, "counter"))
        .isEqualTo("[\"wasi:keyvalue/atomics\",\"wasi:keyvalue/store\"]");
    String url = lattice.serve(host, "counter");
    HttpResponse<String> unlinked = web.get(url + "a");
    assertThat(unlinked.statusCode()).isEqualTo(503);
    assertThat(unlinked.body())
        .contains("no link from counter for wasi:keyvalue/atomics (link name default)")
        .contains("wattle link put counter TARGET wasi keyvalue --interface atomics");
    lattice.keyValue(host, "counter");
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(web.get(url + "a").statusCode()).isEqualTo(200));
    assertThat(web.get(url + "b").body()).isEqualToIgnoringNewLines("b: 1");
    assertThat(web.get(url + "b").body()).isEqualToIgnoringNewLines("b: 2");
    assertThat(lattice.missingLinks(host, "counter")).isEqualTo("[]");
    lattice.control.deleteLink(
        LinkKey.of(Link.of("counter", "kv", "wasi", "keyvalue", "store", "atomics")));
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(web.get(url + "b").statusCode()).isEqualTo(503));
  }

  @Test
  void callsFromOneComponentToAnother() throws Exception {
    Host first = lattice.host();
    lattice.scale(first, "greeter-http", "greeter-http", 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(first, "greeter-http");
    HttpResponse<String> unlinked = web.get(url + "Ada");
    assertThat(unlinked.statusCode()).isGreaterThanOrEqualTo(500);
    lattice.control.putLink(Link.of("greeter-http", "greeter-c", "wattle", "examples", "greeter"));
    lattice.scale(first, "greeter-c", "greeter-c", 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 2);
    assertThat(web.get(url + "Ada").body()).isEqualToIgnoringNewLines("Hello, Ada, from C!");
    // the same over the lattice
    Host second = lattice.host();
    lattice.scale(second, "greeter-c", "greeter-c", 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 3);
    lattice.scale(first, "greeter-c", "greeter-c", 0);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 4);
    assertThat(web.get(url + "Bob").body()).isEqualToIgnoringNewLines("Hello, Bob, from C!");
  }

  @Test
  void answersCallsFromTheLattice() throws Exception {
    Host host = lattice.host();
    lattice.scale(host, "greeter-c", "greeter-c", 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    try (WrpcClient client = WrpcClient.open(lattice.connection, AsyncShapeResolver.standard())) {
      ValueEncoder name = new ValueEncoder();
      name.string("Ada");
      CallReply reply = client.handle(greet(name.toBytes()));
      assertThat(new ValueDecoder(reply.results()).string()).isEqualTo("Hello, Ada, from C!");
      assertThatThrownBy(() -> client.handle(greet(new byte[] {5, 'x'})))
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.kind()).isEqualTo(CallException.Kind.MALFORMED));
      lattice.scale(host, "greeter-c", "greeter-c", 0);
      lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 2);
      assertThatThrownBy(() -> client.handle(greet(name.toBytes())))
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.kind()).isEqualTo(CallException.Kind.NOT_FOUND));
    }
  }

  private static CallRequest greet(byte[] parameters) {
    return new CallRequest(
        new CallTarget("greeter-c", "wattle:examples/greeter@0.1.0", "greet"),
        new CallContext("test", "default", Deadline.in(Duration.ofSeconds(90)), Map.of()),
        parameters,
        Map.of());
  }

  @Test
  void servesWhatAnotherHostAsks() throws Exception {
    Host first = lattice.host();
    Host second = lattice.host();
    lattice.scale(second, "tools", "http-toolbox", 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(first, "tools");
    assertThat(web.get(url + "status?code=418").statusCode()).isEqualTo(418);
    String body = "x".repeat(300_000);
    HttpResponse<String> echo = web.post(url + "echo", body);
    assertThat(echo.body()).isEqualTo(body);
  }

  @Test
  void seesConfigsAsTheyAreNow() throws Exception {
    Host host = lattice.host();
    lattice.control.putConfig("base", Map.of("a", "1", "b", "1"));
    lattice.control.putConfig("more", Map.of("b", "2"));
    lattice.control.scale(
        host.id(),
        new ScaleComponent(
            "tools",
            TestLattice.image("http-toolbox"),
            5,
            Map.of("who", "test"),
            null,
            host.id(),
            List.of("base", "more"),
            false,
            Map.of()));
    assertThat(lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1).annotations())
        .isEqualTo(Map.of("who", "test"));
    String url = lattice.serve(host, "tools");
    assertThat(web.get(url + "config").body().lines()).containsExactly("a=1", "b=2");
    lattice.control.putConfig("more", Map.of("c", "3"));
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () ->
                assertThat(web.get(url + "config").body().lines())
                    .containsExactly("a=1", "b=1", "c=3"));
  }

  @Test
  void turnsAwayWhatHasNoRoomAndIsAtFullSpeedAgain() throws Exception {
    Host host = lattice.host(o -> o.maxWait(Duration.ofMillis(300)));
    lattice.scale(host, "tools", "http-toolbox", 2);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "tools");
    web.get(url + "state");
    await() // those that do not come together, on a machine that stood still, find room
        .untilAsserted(
            () -> {
              List<Integer> codes = sixAtOnce(url + "sleep?ms=1500");
              assertThat(codes).containsOnly(200, 503);
              assertThat(codes).filteredOn(code -> code == 200).hasSize(2);
            });
    assertThat(web.get(url + "state").statusCode()).isEqualTo(200);
  }

  private List<Integer> sixAtOnce(String url) throws Exception {
    List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      slow.add(web.getAsync(url));
    }
    List<Integer> codes = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> answer : slow) {
      codes.add(answer.get(90, TimeUnit.SECONDS).statusCode());
    }
    return codes;
  }

  @Test
  void updatesInPlaceWithoutLosingACall() throws Exception {
    Host host = lattice.host();
    lattice.scale(host, "c", "http-toolbox", 10);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "c");
    web.get(url + "state");
    CompletableFuture<HttpResponse<String>> running = web.getAsync(url + "sleep?ms=2000");
    await().until(() -> web.get(url + "state").statusCode() == 200);
    lattice.control.update(
        host.id(),
        new UpdateComponent("c", TestLattice.image("http-hello-world"), host.id(), null, Map.of()));
    LatticeEvent.ComponentScaled updated =
        lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 2);
    assertThat(updated.imageRef()).isEqualTo(TestLattice.image("http-hello-world"));
    assertThat(updated.maxInstances()).isEqualTo(10);
    assertThat(web.get(url).body()).contains("Hello from Wattle!");
    assertThat(running.get(90, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void finishesWhatRunsBeforeItStops() throws Exception {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Host host = lattice.host(o -> o.metrics(metrics));
    lattice.scale(host, "tools", "http-toolbox", 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "tools");
    web.get(url + "state");
    Gauge inFlight = metrics.get("wattle.component.in.flight").tag("component", "tools").gauge();
    CompletableFuture<HttpResponse<String>> running = web.getAsync(url + "sleep?ms=1500");
    await().until(() -> inFlight.value() == 1 || running.isDone());
    host.stop(Duration.ofSeconds(90));
    assertThat(running.get(90, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    lattice.awaitEvent(LatticeEvent.HostStopped.class, 1);
    assertThat(lattice.events(LatticeEvent.HostStopped.class)).hasSize(1);
  }

  @Test
  void goesOnWithoutNatsAndAnnouncesItselfWhenItIsBack() throws Exception {
    Host host = lattice.host(o -> o.heartbeat(Duration.ofMillis(500)));
    lattice.scale(host, "hello", "http-hello-world", 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "hello");
    assertThat(web.get(url).statusCode()).isEqualTo(200);
    NATS.killServer();
    await().atMost(Duration.ofSeconds(90)).until(() -> host.notReady().isPresent());
    assertThat(web.get(url).statusCode()).isEqualTo(200);
    NATS.restartServer();
    await().atMost(Duration.ofSeconds(90)).until(() -> host.notReady().isEmpty());
    int beats = lattice.events(LatticeEvent.HostHeartbeat.class).size();
    lattice.awaitEvent(LatticeEvent.HostHeartbeat.class, beats + 1);
    lattice.control.putConfig("after", Map.of("k", "v"));
    lattice.control.putLink(Link.of("hello", "x", "ns", "pkg", "iface"));
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(lattice.control.links()).hasSize(2));
    assertThat(web.get(url).statusCode()).isEqualTo(200);
  }

  @Test
  void startsWhatLacksALinkAndRefusesWhatItCannotRun() throws Exception {
    Host host = lattice.host();
    lattice.scale(host, "lonely", "missing-import", 1);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    assertThat(lattice.missingLinks(host, "lonely")).isEqualTo("[\"wattle:missing/nobody\"]");
    lattice.scale(host, "future", "wasi-0-3-stream", 1);
    assertThat(lattice.awaitEvent(LatticeEvent.ComponentScaleFailed.class, 1).error())
        .contains("wasi-0-3-stream.wasm")
        .contains("0.3");
  }

  @Test
  void emitsOneEventForEachCommandInTheirOrder() throws Exception {
    Host host = lattice.host();
    for (long count : new long[] {1, 5, 5, 2, 0, 3, 0}) {
      lattice.scale(host, "greeter", "greeter-c", count);
    }
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 7);
    assertThat(lattice.events(LatticeEvent.ComponentScaled.class))
        .extracting(LatticeEvent.ComponentScaled::maxInstances)
        .containsExactly(1L, 5L, 5L, 2L, 0L, 3L, 0L);
    assertThat(lattice.control.inventory(host.id()).components()).isEmpty();
  }

  @Test
  void updatesByScaleOnlyWhenThatIsAllowed() throws Exception {
    Host host = lattice.host();
    lattice.scale(host, "c", "greeter-c", 1);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String other = TestLattice.image("http-hello-world");
    String warning = lattice.control.scale(host.id(), ScaleComponent.of(host.id(), "c", other, 3));
    assertThat(warning).contains("keeps its code");
    assertThat(lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 2).imageRef())
        .isEqualTo(TestLattice.image("greeter-c"));
    lattice.control.scale(
        host.id(),
        new ScaleComponent("c", other, 4, Map.of(), null, host.id(), List.of(), true, Map.of()));
    LatticeEvent.ComponentScaled updated =
        lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 3);
    assertThat(updated.imageRef()).isEqualTo(other);
    assertThat(updated.maxInstances()).isEqualTo(4);
  }
}

package io.wattle.cli.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.wattle.cli.Running;
import io.wattle.cli.Said;
import io.wattle.host.Host;
import io.wattle.host.HostState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.event.EventSubscriber;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.testing.NatsForTests;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Commands that show what happens, and the drain of a host, with a component that serves HTTP. */
final class WatchCommandsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  @TempDir Path dir;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpClient web = HttpClient.newHttpClient();
  private CliLattice lattice;

  @BeforeEach
  void open() {
    lattice = new CliLattice(NATS, dir);
  }

  @AfterEach
  void close() {
    lattice.close();
    web.close();
  }

  @Test
  void spyShowsCallsWithinAHostInBothDirections() throws Exception {
    Host host = lattice.host();
    String url = toolbox(host);
    get(url + "/kv/set?key=k&value=before"); // compiles, makes the bucket

    try (Running spy = lattice.start("spy", "toolbox", "-o", "json")) {
      JsonNode incoming =
          seen(
              spy,
              url + "/kv/set?key=k&value=v1",
              call -> call.path("target").asText().equals("toolbox"));
      assertThat(incoming.path("source").asText()).isEqualTo("web");
      assertThat(incoming.path("path").asText()).isEqualTo("in-process");
      assertThat(incoming.path("host").asText()).isEqualTo(host.friendlyName());
      assertThat(incoming.at("/parameters/request/path-with-query").asText())
          .isEqualTo("/kv/set?key=k&value=v1");
      assertThat(incoming.at("/result/ok/status").asInt()).isEqualTo(200);

      JsonNode outgoing =
          seen(
              spy,
              url + "/kv/set?key=k&value=v1",
              call -> call.path("source").asText().equals("toolbox"));
      assertThat(outgoing.path("target").asText()).isEqualTo("kv");
      assertThat(outgoing.path("instance").asText()).startsWith("wrpc:keyvalue/store");
      assertThat(outgoing.path("function").asText()).isEqualTo("set");
      assertThat(outgoing.at("/parameters/key").asText()).isEqualTo("k");
      assertThat(outgoing.at("/parameters/value").asText()).isEqualTo("v1");
      assertThat(outgoing.path("result").asText()).isEqualTo("ok");
    }
    assertThat(lattice.wattle("spy", "not an id").exitCode()).isEqualTo(2);
  }

  @Test
  void spyShowsCallsThatComeOverTheLatticeByTheirWit() throws Exception {
    lattice.host();
    lattice.done("start", "component", CliLattice.guest("greeter-c"), "greeter");

    try (Running spy = lattice.start("spy", "greeter")) {
      await()
          .atMost(LONG)
          .until(
              () -> {
                lattice.done("call", "greeter", "greet", "Ada");
                return spy.lines().stream().anyMatch(line -> line.contains("greet(name: \"Ada\")"));
              });
      assertThat(spy.awaitLine("greet("))
          .contains(" lattice ", "wattle-cli -> greeter", "wattle:examples/greeter@0.1.0.greet")
          .contains(" = \"Hello, Ada");
    }
  }

  @Test
  void logsTellWhatComponentsAndHostsSaid() throws Exception {
    Host host = lattice.host(o -> o.friendlyName("quiet-reed"));
    String url = toolbox(host);
    get(url + "/print?msg=first");
    get(url + "/log?msg=careful&level=warn&context=cellar");

    JsonNode lines = lattice.done("logs", "toolbox", "-o", "json").json().path("lines");
    assertThat(lines).anySatisfy(line -> isLine(line, "stdout", "first"));
    assertThat(lines).anySatisfy(line -> isLine(line, "stderr", "first"));
    assertThat(lines).anySatisfy(line -> isLine(line, "cellar", "careful"));
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.path("host").asText()).isEqualTo("quiet-reed"));
    assertThat(lattice.done("logs", "nobody").out()).isBlank();
    assertThat(lattice.done("logs", "--tail", "1", "--since", "1h").out().lines()).hasSize(1);

    try (Running follow = lattice.start("logs", "toolbox", "-f", "-n", "0", "-o", "json")) {
      await()
          .atMost(LONG)
          .until(
              () -> {
                get(url + "/print?msg=live");
                return follow.lines().size() > 3;
              });
      for (String line : follow.lines()) {
        assertThat(new ObjectMapper().readTree(line).path("text").asText()).isEqualTo("live");
      }
    }
    Said unknown = lattice.wattle("logs", "--since", "yesterday");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("yesterday", "5m");
  }

  @Test
  void aDrainedHostSaysGoodbyeAtOnceAndFinishesItsCalls() throws Exception {
    Host host = lattice.host(o -> o.metrics(metrics));
    String url = toolbox(host);
    get(url + "/sleep?ms=0");
    List<String> said = new CopyOnWriteArrayList<>();
    AtomicLong goodbye = new AtomicLong();
    LatticeConnection connection = NATS.connect();
    EventSubscriber.subscribe(
        connection,
        event -> {
          switch (event.event()) {
            case LatticeEvent.HostStopped stopped -> {
              goodbye.set(System.nanoTime());
              said.add("host_stopped");
            }
            case LatticeEvent.Other other -> said.add(other.name());
            case LatticeEvent.HostHeartbeat beat when !said.isEmpty() -> said.add("heartbeat");
            case LatticeEvent.ProviderStopped stopped -> said.add("provider_stopped");
            default -> {}
          }
        });
    connection.flush(LONG);
    long begun = System.nanoTime();
    CompletableFuture<HttpResponse<String>> slow =
        web.sendAsync(request(url + "/sleep?ms=4000"), HttpResponse.BodyHandlers.ofString());
    var _ = slow.thenRun(() -> said.add("answered"));
    await().atMost(LONG).until(() -> inFlight() > 0 || slow.isDone());

    JsonNode drained =
        lattice.done("stop", "host", host.friendlyName(), "--drain", "-o", "json").json();

    assertThat(drained.path("cut_off").asInt(-1)).isZero();
    assertThat(slow.get(LONG.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    await().atMost(LONG).until(() -> said.contains("wattle_host_drained"));
    await().atMost(LONG).until(() -> host.state() == HostState.STOPPED);
    assertThat(said).contains("host_stopped").doesNotContain("provider_stopped");
    assumeTrue(goodbye.get() - begun < 3_500_000_000L, "the machine stood still");
    assertThat(said).startsWith("host_stopped").doesNotContain("heartbeat");
    await().atMost(LONG).until(() -> said.contains("answered"));
  }

  @Test
  void aDrainTellsWhatItCutOff() throws Exception {
    Host host = lattice.host(o -> o.metrics(metrics));
    String url = toolbox(host);
    get(url + "/sleep?ms=0");
    var _ = web.sendAsync(request(url + "/sleep?ms=50000"), HttpResponse.BodyHandlers.discarding());
    await().atMost(LONG).until(() -> inFlight() > 0);

    Said drained = lattice.done("stop", "host", host.id(), "--drain", "--host-timeout", "500");

    assertThat(drained.out()).contains("1 calls were cut off");
  }

  private static void isLine(JsonNode line, String source, String text) {
    assertThat(line.path("id").asText()).isEqualTo("toolbox");
    assertThat(line.path("source").asText()).isEqualTo(source);
    assertThat(line.path("text").asText()).isEqualTo(text);
  }

  /** Calls until the spy, which begins to listen at some time, has seen such a call. */
  private JsonNode seen(Running spy, String url, Predicate<JsonNode> wanted) {
    ObjectMapper mapper = new ObjectMapper();
    return await()
        .atMost(LONG)
        .until(
            () -> {
              get(url);
              for (String line : spy.lines()) {
                JsonNode call = mapper.readTree(line);
                if (wanted.test(call)) {
                  return call;
                }
              }
              return null;
            },
            Objects::nonNull);
  }

  /** Starts the toolbox with HTTP before and a store behind it; where it answers. */
  private String toolbox(Host host) throws Exception {
    lattice.done("start", "component", CliLattice.guest("http-toolbox"), "toolbox", "--max", "4");
    lattice.done("config", "put", "store", "bucket=test", "enable_bucket_auto_create=true");
    lattice.done("config", "put", "address", "address=127.0.0.1:0");
    lattice.done(
        "link",
        "put",
        "toolbox",
        "kv",
        "wasi",
        "keyvalue",
        "--interface",
        "store,atomics,batch",
        "--target-config",
        "store");
    lattice.done(
        "link",
        "put",
        "web",
        "toolbox",
        "wasi",
        "http",
        "--interface",
        "incoming-handler",
        "--source-config",
        "address");
    String id = host.id();
    lattice.done(
        "start", "provider", "ghcr.io/wasmcloud/keyvalue-nats:0.3.1", "kv", "--host-id", id);
    lattice.done(
        "start", "provider", "ghcr.io/wasmcloud/http-server:0.27.0", "web", "--host-id", id);
    return await().atMost(LONG).until(() -> endpoint(host), url -> !url.isEmpty());
  }

  private static String endpoint(Host host) {
    return host.inventory().providers().stream()
        .filter(provider -> provider.id().equals("web"))
        .map(provider -> provider.extra().get("wattle_endpoints"))
        .filter(endpoints -> endpoints != null && !endpoints.isEmpty())
        .map(endpoints -> endpoints.get(0).asText().replaceAll("/$", ""))
        .findFirst()
        .orElse("");
  }

  private double inFlight() {
    return metrics.get("wattle.component.in.flight").tag("component", "toolbox").gauge().value();
  }

  private void get(String url) throws Exception {
    HttpResponse<String> answer = web.send(request(url), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(url + ": " + answer.body()).isEqualTo(200);
  }

  private static HttpRequest request(String url) {
    return HttpRequest.newBuilder(URI.create(url)).timeout(LONG).build();
  }
}

package io.wattle.controlplane.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.controlplane.ControlPlane;
import io.wattle.controlplane.api.ApiClient;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.kv.BucketOptions;
import io.wattle.lattice.kv.ConfigData;
import io.wattle.lattice.kv.LatticeData;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import io.wattle.lattice.testing.NatsForTests;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole control plane against hosts that speak the real protocol over a real server. */
final class ControlPlaneTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private static final String APP =
      """
      apiVersion: core.oam.dev/v1beta1
      kind: Application
      metadata: {name: counter, annotations: {version: v1}}
      spec:
        components:
          - name: counter
            type: component
            properties: {image: "file:///counter.wasm"}
            traits:
              - {type: spreadscaler, properties: {instances: 4}}
              - type: link
                properties:
                  target: {name: kv, config: [{name: bucket, properties: {bucket: b}}]}
                  namespace: wasi
                  package: keyvalue
                  interfaces: [store, atomics]
          - name: kv
            type: capability
            properties: {image: "ghcr.io/wasmcloud/keyvalue-nats:0.3.1"}
          - name: web
            type: capability
            properties: {image: "ghcr.io/wasmcloud/http-server:0.27.0"}
            traits:
              - type: link
                properties:
                  target: counter
                  namespace: wasi
                  package: http
                  interfaces: [incoming-handler]
                  source: {config: [{name: address, properties: {address: "127.0.0.1:8080"}}]}
      """;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<ScriptedHost> hosts = new ArrayList<>();
  private LatticeConnection connection;
  private ApiClient client;
  private ControlPlane plane;

  @BeforeEach
  void start() throws Exception {
    connection = NATS.connect();
    client = new ApiClient(connection);
    plane = ControlPlane.start(NATS.options(), registry, InstantSource.system());
  }

  @AfterEach
  void stop() throws Exception {
    client.ask("del.counter", "");
    plane.close();
    hosts.forEach(ScriptedHost::close);
  }

  private ScriptedHost host(String id) throws Exception {
    ScriptedHost host = new ScriptedHost(NATS.connect(), id, Map.of("name", id));
    hosts.add(host);
    return host;
  }

  private void deploy(String manifest) throws Exception {
    assertThat(client.put(manifest).path("result").asText()).isNotEqualTo("error");
    JsonNode reply = client.ask("deploy.counter", "");
    assertThat(reply.path("result").asText()).as(reply.toString()).isEqualTo("acknowledged");
  }

  private static void soon(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }

  private JsonNode status() throws InterruptedException {
    return client.ask("status.counter", "").path("status");
  }

  private void awaitStatus(String type) {
    soon(() -> assertThat(status().at("/status/type").asText()).as("%s", status()).isEqualTo(type));
  }

  private List<Link> links() throws InterruptedException {
    return LatticeData.open(connection, BucketOptions.DEFAULT).links();
  }

  private ConfigData configs() throws InterruptedException {
    return ConfigData.open(connection, BucketOptions.DEFAULT);
  }

  @Test
  void anApplicationIsDeployedChangedAndRemoved() throws Exception {
    long begun = System.nanoTime();
    ScriptedHost host = host("h1");
    assertThat(plane.ready()).isTrue();
    deploy(APP);
    awaitStatus("deployed");
    List<String> commands = List.copyOf(host.commands);
    boolean quick = System.nanoTime() - begun < Duration.ofSeconds(4).toNanos();
    assertThat(status().path("scalers")).hasSize(5);
    assertThat(status().path("scalers"))
        .extracting(s -> s.path("subject").asText() + " " + s.path("name").asText())
        .contains("provider counter-kv", "link counter-web -(wasi:http)-> counter-counter");
    assertThat(host.instances("counter-counter")).isEqualTo(4);
    assertThat(host.providers).containsOnlyKeys("counter-kv", "counter-web");
    assertThat(links()).hasSize(2);
    if (quick) { // what has had no effect for seconds, as the machine stood still, is done again
      assertThat(commands).doesNotHaveDuplicates();
    }
    assertThat(client.ask("list", "").get(0).path("status").asText()).isEqualTo("deployed");

    deploy(APP.replace("version: v1", "version: v2").replace("instances: 4", "instances: 6"));
    awaitStatus("deployed");
    assertThat(status().path("app_version").asText()).isEqualTo("v2");
    assertThat(host.instances("counter-counter")).isEqualTo(6);

    client.ask("undeploy.counter", "");
    awaitStatus("undeployed");
    assertThat(host.components).isEmpty();
    assertThat(host.providers).isEmpty();
    assertThat(links()).isEmpty();
    soon(() -> assertThat(configs().names()).isEmpty());
    double links =
        registry.get("wattle.controlplane.actions").tag("kind", "put_link").counter().count();
    assertThat(links).isGreaterThanOrEqualTo(2);
    if (quick) {
      assertThat(links).isEqualTo(2);
    }
    assertThat(registry.get("wattle.controlplane.reconcile").timer().count()).isPositive();
  }

  @Test
  void withoutHostsItWaitsAndThenGoesOn() throws Exception {
    deploy(APP);
    awaitStatus("waiting");
    assertThat(status().at("/status/message").asText()).isEqualTo("waiting: 0 hosts");
    host("h1");
    awaitStatus("deployed");
  }

  @Test
  void failuresAreToldInTheHostsWordsAndAnotherVersionPutsThemRight() throws Exception {
    host("h1");
    deploy(APP.replace("counter.wasm", "broken.wasm"));
    awaitStatus("failed");
    assertThat(status().at("/status/message").asText())
        .contains("host h1: image not found: file:///broken.wasm");
    deploy(APP.replace("version: v1", "version: v2").replace("http-server:0.27.0", "broken:1"));
    soon(
        () ->
            assertThat(status().at("/status/message").asText())
                .isEqualTo("host h1: cannot listen on 127.0.0.1:8080: the port is taken"));
    deploy(APP.replace("version: v1", "version: v3"));
    awaitStatus("deployed");
  }

  @Test
  void aDeployOutlivesAnElectionInWhichNothingCanBeWritten() throws Exception {
    List<String> statuses = new CopyOnWriteArrayList<>();
    var listening =
        connection
            .nats()
            .createDispatcher(
                m -> statuses.add(Json.tree(m.getData(), "status").at("/status/type").asText()));
    listening.subscribe("wadm.status." + connection.lattice() + ".counter");
    connection.flush(Duration.ofSeconds(60));
    long begun = System.nanoTime();
    host("h1").leaderless.set(4);
    deploy(APP);
    awaitStatus("deployed");
    soon(() -> assertThat(statuses).contains("deployed"));
    if (System.nanoTime() - begun < Duration.ofSeconds(12).toNanos()) { // then it may say so
      assertThat(statuses).doesNotContain("failed");
    }
    connection.nats().closeDispatcher(listening);
  }

  @Test
  void anImportWithoutLinkIsSaid() throws Exception {
    host("h1");
    deploy(APP.replace("counter.wasm", "unlinked.wasm"));
    awaitStatus("deployed");
    assertThat(status().at("/status/message").asText()).contains("import a:b/c of counter-counter");
  }

  @Test
  void driftIsRepaired() throws Exception {
    ScriptedHost host = host("h1");
    deploy(APP);
    awaitStatus("deployed");
    LatticeData data = LatticeData.open(connection, BucketOptions.DEFAULT);
    for (Link link : links()) {
      data.deleteLink(LinkKey.of(link), "a test");
    }
    configs().put("counter-bucket", Map.of("bucket", "other"));
    host.providers.remove("counter-kv");
    host.components.remove("counter-counter");
    soon(
        () -> {
          assertThat(links()).hasSize(2);
          assertThat(configs().get("counter-bucket").orElseThrow().value())
              .containsEntry("bucket", "b");
          assertThat(host.providers).containsKey("counter-kv");
          assertThat(host.instances("counter-counter")).isEqualTo(4);
        });
  }

  @Test
  void aDeadHostsShareGoesToTheOthers() throws Exception {
    ScriptedHost first = host("h1");
    ScriptedHost second = host("h2");
    deploy(APP);
    awaitStatus("deployed");
    soon(
        () -> { // one of them may have been seen after the first had got all
          assertThat(first.instances("counter-counter")).isEqualTo(2);
          assertThat(second.instances("counter-counter")).isEqualTo(2);
        });
    first.close();
    soon(
        () -> {
          assertThat(second.instances("counter-counter")).isEqualTo(4);
          assertThat(second.providers).containsKeys("counter-kv", "counter-web");
        });
    awaitStatus("deployed");
  }

  @Test
  void aHostThatComesBackLeavesNoDoubles() throws Exception {
    ScriptedHost first = host("h1");
    ScriptedHost second = host("h2");
    deploy(APP);
    awaitStatus("deployed");
    first.cutOff();
    soon(
        () -> {
          assertThat(second.instances("counter-counter")).isEqualTo(4);
          assertThat(second.providers).containsKeys("counter-kv", "counter-web");
        });
    awaitStatus("deployed");
    assertThat(first.components).isNotEmpty();
    assertThat(first.providers).isNotEmpty();
    first.comeBack();
    soon(
        () -> {
          assertThat(first.instances("counter-counter") + second.instances("counter-counter"))
              .isEqualTo(4);
          List<String> all = new ArrayList<>(first.providers.keySet());
          all.addAll(second.providers.keySet());
          assertThat(all).containsExactlyInAnyOrder("counter-kv", "counter-web");
        });
    awaitStatus("deployed");
  }

  @Test
  void aNewControlPlaneGoesOnWhereTheOldOneDied() throws Exception {
    ScriptedHost host = host("h1");
    deploy(APP);
    awaitStatus("deployed");
    plane.close();
    host.components.clear();
    plane = ControlPlane.start(NATS.options(), registry, InstantSource.system());
    soon(() -> assertThat(host.instances("counter-counter")).isEqualTo(4));
    awaitStatus("deployed");
    assertThat(host.commands).filteredOn(c -> c.equals("start counter-kv")).hasSize(1);
  }

  @Test
  void natsMayGoAwayAndComeBack() throws Exception {
    ScriptedHost host = host("h1");
    deploy(APP);
    awaitStatus("deployed");
    NATS.killServer();
    soon(() -> assertThat(plane.ready()).isFalse());
    NATS.restartServer();
    soon(() -> assertThat(plane.ready()).isTrue());
    host.components.clear();
    soon(() -> assertThat(host.instances("counter-counter")).isEqualTo(4));
    awaitStatus("deployed");
  }

  @Test
  void theLastApplicationCanBeRemovedWithoutAnyHost() throws Exception {
    ScriptedHost host = host("h1");
    deploy(APP);
    awaitStatus("deployed");
    host.close();
    client.ask("del.counter", "");
    soon(
        () -> {
          assertThat(links()).isEmpty();
          assertThat(configs().names()).isEmpty();
        });
    assertThat(client.ask("list", "")).isEmpty();
  }
}

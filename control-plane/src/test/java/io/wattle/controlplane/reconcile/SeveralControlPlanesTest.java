package io.wattle.controlplane.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.controlplane.ControlPlane;
import io.wattle.controlplane.api.ApiClient;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.testing.NatsForTests;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two control planes in one lattice: both answer, one acts. */
final class SeveralControlPlanesTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private static final String APP =
      """
      apiVersion: core.oam.dev/v1beta1
      kind: Application
      metadata: {name: pair, annotations: {version: v1}}
      spec:
        components:
          - name: c
            type: component
            properties: {image: "file:///c.wasm"}
            traits:
              - {type: spreadscaler, properties: {instances: 4}}
          - name: p
            type: capability
            properties: {image: "ghcr.io/wasmcloud/keyvalue-nats:0.3.1"}
      """;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private ApiClient client;
  private LatticeConnection leading;
  private ControlPlane leader;
  private ControlPlane follower;
  private ScriptedHost first;
  private ScriptedHost second;

  @BeforeEach
  void start() throws Exception {
    client = new ApiClient(opened(NATS.connect()));
    leading = opened(NATS.connect());
    leader = opened(plane(leading));
    soon(() -> assertThat(leader.leads()).isTrue());
    follower = opened(plane(opened(NATS.connect())));
    first = opened(new ScriptedHost(NATS.connect(), "h1", Map.of()));
    second = opened(new ScriptedHost(NATS.connect(), "h2", Map.of()));
  }

  private static ControlPlane plane(LatticeConnection connection) throws Exception {
    return ControlPlane.start(connection, new SimpleMeterRegistry(), InstantSource.system());
  }

  @AfterEach
  void stop() throws Exception {
    client.ask("del.pair", "");
    for (AutoCloseable part : opened.reversed()) {
      part.close();
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.add(part);
    return part;
  }

  private static void soon(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }

  private void deploy() throws Exception {
    assertThat(client.put(APP).path("result").asText()).isNotEqualTo("error");
    assertThat(client.ask("deploy.pair", "").path("result").asText()).isEqualTo("acknowledged");
  }

  private void awaitDeployed() {
    // Whoever is asked: the answers are shared out at random.
    soon(
        () -> {
          for (int i = 0; i < 10; i++) {
            JsonNode status = client.ask("status.pair", "").path("status");
            assertThat(status.at("/status/type").asText()).as("%s", status).isEqualTo("deployed");
          }
        });
  }

  private List<String> commands() {
    List<String> all = new ArrayList<>(first.commands);
    all.addAll(second.commands);
    return all;
  }

  private void assertNoDoubles() {
    assertThat(first.instances("pair-c") + second.instances("pair-c")).isEqualTo(4);
    assertThat(first.providers.size() + second.providers.size()).isEqualTo(1);
  }

  @Test
  void bothAnswerAndOneActs() throws Exception {
    deploy();
    awaitDeployed();
    soon(this::assertNoDoubles);
    // On a machine that stood still for seconds the lease may have changed hands.
    assumeTrue(leader.leads() && !follower.leads());
    assertThat(commands())
        .containsExactlyInAnyOrder("scale pair-c 2", "scale pair-c 2", "start pair-p");
  }

  @Test
  void theOtherFinishesWhatTheLeaderHadBegunWhenItDied() throws Exception {
    first.lazy = true;
    second.lazy = true;
    deploy();
    soon(() -> assertThat(commands()).contains("scale pair-c 2", "start pair-p"));
    assertThat(first.components).isEmpty();
    leading.close(); // it can neither renew its lease nor give it up
    first.lazy = false;
    second.lazy = false;
    soon(() -> assertThat(follower.leads()).isTrue());
    awaitDeployed();
    soon(this::assertNoDoubles);
    assertThat(leader.leads()).isFalse();
  }

  @Test
  void aLeaderThatStopsInGoodOrderHandsOver() throws Exception {
    deploy();
    awaitDeployed();
    leader.close();
    first.components.clear();
    soon(() -> assertThat(first.instances("pair-c")).isEqualTo(2));
    awaitDeployed();
    soon(this::assertNoDoubles);
  }
}

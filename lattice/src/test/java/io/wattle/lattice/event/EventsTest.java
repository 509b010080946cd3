package io.wattle.lattice.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.ProviderDescription;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.testing.NatsForTests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventsTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.5Z");
  private static final Link LINK = Link.of("a", "b", "wasi", "http", "incoming-handler");
  private static final Map<String, JsonNode> EXTRA = Map.of("wattle", IntNode.valueOf(1));

  static Stream<LatticeEvent> all() {
    return Stream.of(
        new LatticeEvent.HostStarted("calm-rod-1", Map.of("a", "b"), 0, "0.1.0", EXTRA),
        new LatticeEvent.HostHeartbeat(inventory()),
        new LatticeEvent.HostStopped(Map.of(), Map.of()),
        new LatticeEvent.LabelsChanged("N1", Map.of("a", "b"), Map.of()),
        new LatticeEvent.ComponentScaled(
            "c", "file:///c.wasm", 5, "N1", Map.of("x", "y"), null, null, EXTRA),
        new LatticeEvent.ComponentScaleFailed(
            "c", "r", 1, "N1", Map.of(), "no such file", null, Map.of()),
        new LatticeEvent.ProviderStarted(
            "p", "r", "N1", Map.of(), null, "p", "p", "default", Map.of()),
        new LatticeEvent.ProviderStartFailed("r", "p", "N1", "bad", "default", Map.of()),
        new LatticeEvent.ProviderStopped(
            "p", "N1", Map.of(), "stop", "p", "p", "default", Map.of()),
        new LatticeEvent.HealthCheckPassed("N1", "p", Map.of()),
        new LatticeEvent.HealthCheckFailed("N1", "p", Map.of()),
        new LatticeEvent.HealthCheckStatus("N1", "p", Map.of()),
        new LatticeEvent.LinkSet(LINK),
        new LatticeEvent.LinkSetFailed(LINK, "conflict"),
        new LatticeEvent.LinkDeleted(
            "a", "default", "wasi", "http", "b", List.of("incoming-handler"), Map.of()),
        new LatticeEvent.ConfigSet("c", Map.of()),
        new LatticeEvent.ConfigDeleted("c", Map.of()),
        new LatticeEvent.Other("wattle_thing", JsonNodeFactory.instance.objectNode().put("a", 1)));
  }

  private static HostInventory inventory() {
    return new HostInventory(
        "N1",
        "calm-rod-1",
        Map.of("hostcore.os", "linux"),
        "0.1.0",
        "1h",
        3600,
        List.of(new ComponentDescription("c", "r", null, Map.of(), 0, 1, null, EXTRA)),
        List.of(new ProviderDescription("p", "r", null, 0, Map.of(), Map.of())),
        EXTRA);
  }

  @ParameterizedTest
  @MethodSource("all")
  void survivesTheWire(LatticeEvent event) {
    ReceivedEvent received = EventCodec.read("l", EventCodec.write("N1", NOON, event));
    assertThat(received.event()).isEqualTo(event);
    assertThat(received.source()).isEqualTo("N1");
    assertThat(received.time()).isEqualTo(NOON);
    assertThat(received.id()).isNotEmpty();
  }

  @Test
  void theEnvelopeIsACloudEvent() {
    JsonNode json =
        Json.tree(
            EventCodec.write("N1", NOON, new LatticeEvent.HostHeartbeat(inventory())), "event");
    assertThat(json.path("specversion").asText()).isEqualTo("1.0");
    assertThat(json.path("type").asText()).isEqualTo("com.wasmcloud.lattice.host_heartbeat");
    assertThat(json.path("time").asText()).isEqualTo("2026-11-20T12:00:00.500Z");
    assertThat(json.path("datacontenttype").asText()).isEqualTo("application/json");
    assertThat(json.path("data").path("components").get(0).toString())
        .contains("\"limits\":null")
        .contains("\"wattle\":1")
        .contains("\"max_instances\":1")
        .doesNotContain("\"name\"");
    assertThat(json.path("data").path("uptime_seconds").asInt()).isEqualTo(3600);
  }

  @Test
  void missingFieldsAreNoError() {
    byte[] sparse =
        """
        {"type":"com.wasmcloud.lattice.component_scaled","data":{"component_id":"c","new":true}}\
        """
            .getBytes(StandardCharsets.UTF_8);
    assertThat(EventCodec.read("l", sparse).event())
        .isInstanceOfSatisfying(
            LatticeEvent.ComponentScaled.class,
            scaled -> {
              assertThat(scaled.componentId()).isEqualTo("c");
              assertThat(scaled.annotations()).isEmpty();
              assertThat(scaled.extra()).containsKey("new");
            });
  }

  @Test
  void listenersHearTheirLatticeOrAll() throws Exception {
    LatticeConnection connection = NATS.connect();
    List<LatticeEvent> mine = new CopyOnWriteArrayList<>();
    List<String> everybodys = new CopyOnWriteArrayList<>();
    EventSubscriber.subscribe(connection, event -> mine.add(event.event()));
    EventSubscriber.subscribeAll(connection, event -> everybodys.add(event.lattice()));
    connection.flush(Duration.ofSeconds(60));
    LatticeEvent event = new LatticeEvent.ConfigSet("c", Map.of());
    connection.publish("wasmbus.evt." + NATS.lattice() + ".garbage", new byte[] {'x'});
    new EventPublisher(connection, "N1", () -> NOON).publish(event);
    new EventPublisher(connection.forLattice("other"), "N2", () -> NOON).publish(event);
    await().until(() -> everybodys.size() == 2);
    assertThat(everybodys).containsExactly(NATS.lattice(), "other");
    await().until(() -> mine.size() == 1);
    assertThat(mine).containsExactly(event);
  }
}

package io.wattle.lattice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import io.wattle.lattice.testing.NatsForTests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ControlTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();
  private static final Duration WINDOW = Duration.ofMinutes(2);

  @Test
  void everyRequestReachesItsMethodAndComesBack() throws Exception {
    LatticeConnection connection = NATS.connect();
    RecordingHost host = new RecordingHost("NA");
    ControlServer.start(connection, "NA", ControlServer.Options.DEFAULT, host);
    ControlClient client = new ControlClient(NATS.connect());
    Link link = Link.of("a", "b", "wasi", "http", "incoming-handler");

    assertThat(client.pingHosts(WINDOW, Set.of("NA"))).containsExactly(host.ping());
    assertThat(client.inventory("NA")).isEqualTo(host.inventory());
    assertThat(client.scale("NA", ScaleComponent.of("NA", "c", "r", 3))).isEqualTo("scaled c 3");
    await().until(() -> host.heard().contains("afterwards c"));
    assertThat(client.update("NA", new UpdateComponent("c", "r2", "NA", null, Map.of())))
        .isEqualTo("updated c r2");
    assertThat(client.startProvider("NA", StartProvider.of("NA", "p", "r"))).isEqualTo("started p");
    assertThat(client.stopProvider("NA", new StopProvider("p", "NA"))).isEqualTo("stopped p");
    assertThat(client.putLabel("NA", "zone", "1")).isEqualTo("label zone 1");
    assertThat(client.deleteLabel("NA", "zone")).isEqualTo("no label zone");
    assertThat(client.putLink(link)).isEqualTo("link a to b");
    assertThat(client.replaceLink(link)).isEqualTo("link a to b replaced");
    assertThat(client.links()).containsExactly(link);
    assertThat(client.deleteLink(LinkKey.of(link))).isEqualTo("no link a");
    assertThat(client.putConfig("conf", Map.of("k", "v"))).isEqualTo("config conf {k=v}");
    assertThat(client.config("conf")).contains(Map.of("name", "conf"));
    assertThat(client.config("absent")).isEmpty();
    assertThat(client.deleteConfig("conf")).isEqualTo("no config conf");
    assertThat(client.claims()).containsExactly(Map.of("sub", "M1"));
    assertThat(client.stopHost("NA", Duration.ofSeconds(3))).isEqualTo("stopping in 3000");
    client.putRegistries(Map.of("r.example", new RegistryCredential("u", "p", null, "oci")));
    await().until(() -> host.heard().contains("registries [r.example]"));
  }

  @Test
  void pingAndAuctionsEndWhenEnoughHaveAnswered() throws Exception {
    LatticeConnection connection = NATS.connect();
    for (String id : List.of("NA", "NB", "NC")) {
      ControlServer.start(connection, id, ControlServer.Options.DEFAULT, new RecordingHost(id));
    }
    ControlClient client = new ControlClient(NATS.connect());
    long start = System.nanoTime();
    assertThat(client.pingHosts(WINDOW, Set.of("NA", "NB", "NC")))
        .extracting(HostInfo::id)
        .containsExactlyInAnyOrder("NA", "NB", "NC");
    assertThat(client.auction(new ComponentAuction("r", "c", Map.of("host", "NB")), WINDOW, 1))
        .containsExactly(new ComponentAuctionAck("r", "c", "NB", Map.of("host", "NB")));
    assertThat(client.auction(new ProviderAuction("r", "p", Map.of("host", "NC")), WINDOW, 1))
        .extracting(ProviderAuctionAck::hostId)
        .containsExactly("NC");
    assertThat(System.nanoTime() - start).isLessThan(WINDOW.toNanos());
    await().until(() -> client.pingHosts(Duration.ofMillis(300)).size() == 3);
  }

  @Test
  void oneHostOfManyAnswersForLinksAndConfigs() throws Exception {
    LatticeConnection connection = NATS.connect();
    List<RecordingHost> hosts = List.of(new RecordingHost("NA"), new RecordingHost("NB"));
    for (RecordingHost host : hosts) {
      ControlServer.start(connection, host.id(), ControlServer.Options.DEFAULT, host);
    }
    ControlClient client = new ControlClient(connection);
    for (int i = 0; i < 20; i++) {
      client.putConfig("c" + i, Map.of());
    }
    assertThat(hosts.stream().mapToInt(host -> host.heard().size()).sum()).isEqualTo(20);
  }

  @Test
  void refusalsKeepTheirReason() throws Exception {
    LatticeConnection connection = NATS.connect();
    ControlServer.start(connection, "NA", ControlServer.Options.DEFAULT, new RecordingHost("NA"));
    ControlClient client = new ControlClient(connection);
    assertThatThrownBy(() -> client.putLabel("NA", "hostcore.os", "x"))
        .hasMessage("hostcore.* labels cannot be set dynamically")
        .extracting(e -> ((LatticeException) e).kind())
        .isEqualTo(LatticeException.Kind.REFUSED);
    assertThatThrownBy(() -> client.inventory("NX"))
        .extracting(e -> ((LatticeException) e).kind())
        .isEqualTo(LatticeException.Kind.NO_RESPONDERS);
    String base = "wasmbus.ctl.v1." + NATS.lattice() + ".";
    assertThat(raw(connection, base + "component.dance.NA", "{}"))
        .isEqualTo("{\"success\":false,\"message\":\"unsupported subject\"}");
    assertThat(raw(connection, base + "component.scale.NA", "{}"))
        .startsWith("{\"success\":false,")
        .contains("component_id: missing");
    assertThat(raw(connection, base + "config.put.x", "{\"a\":1}"))
        .contains("config data should be a map of string -> string");
    assertThat(raw(connection, base + "host.stop.NA", "{\"host_id\":\"NB\"}"))
        .contains("invalid host_id [NB]");
    assertThat(raw(connection, base + "config.get.absent", ""))
        .isEqualTo("{\"success\":true,\"message\":\"Configuration not found\"}");
  }

  private static String raw(LatticeConnection connection, String subject, String body)
      throws InterruptedException {
    byte[] answer =
        connection.request(subject, body.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(90));
    return new String(answer, StandardCharsets.UTF_8);
  }
}

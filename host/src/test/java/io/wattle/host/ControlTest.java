package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.control.ComponentAuction;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.ProviderAuction;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.control.StopProvider;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.kv.Bucket;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import io.wattle.lattice.link.Links;
import io.wattle.lattice.testing.NatsForTests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ControlTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  ControlTest() {
    super(NATS);
  }

  @Test
  void announcesItselfAndBeatsAtOnceAndRegularly() throws Exception {
    long before = System.nanoTime();
    Host host = lattice.host(o -> o.heartbeat(Duration.ofMillis(300)).labels(Map.of("zone", "a")));
    assertThat(host.state()).isEqualTo(HostState.RUNNING);
    assertThat(host.notReady()).isEmpty();
    LatticeEvent.HostStarted started = lattice.awaitEvent(LatticeEvent.HostStarted.class, 1);
    assertThat(started.friendlyName()).isEqualTo(host.friendlyName());
    assertThat(started.labels())
        .containsEntry("zone", "a")
        .containsKeys("hostcore.arch", "hostcore.os", "hostcore.osfamily");
    LatticeEvent.HostHeartbeat beat = lattice.awaitEvent(LatticeEvent.HostHeartbeat.class, 1);
    assertThat(beat.inventory().hostId()).isEqualTo(host.id());
    assertThat(beat.inventory().version()).matches("\\d+\\.\\d+\\.\\d+");
    lattice.awaitEvent(LatticeEvent.HostHeartbeat.class, 4);
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .as("three intervals, and the time to start")
        .isGreaterThanOrEqualTo(Duration.ofMillis(900));
  }

  @Test
  void answersPingAndInventory() throws Exception {
    Host host = lattice.host();
    List<HostInfo> infos = lattice.control.pingHosts(Duration.ofSeconds(90), Set.of(host.id()));
    assertThat(infos).extracting(HostInfo::id).containsExactly(host.id());
    assertThat(infos.getFirst().ctlHost()).startsWith("nats://127.0.0.1:").doesNotContain("@");
    HostInventory inventory = lattice.control.inventory(host.id());
    assertThat(inventory.friendlyName()).isEqualTo(host.friendlyName());
    assertThat(inventory.components()).isEmpty();
    assertThat(inventory.providers()).isEmpty();
  }

  @Test
  void changesLabels() throws Exception {
    Host host = lattice.host();
    lattice.control.putLabel(host.id(), "zone", "b");
    assertThat(lattice.awaitEvent(LatticeEvent.LabelsChanged.class, 1).labels())
        .containsEntry("zone", "b")
        .containsKey("hostcore.os");
    assertThatThrownBy(() -> lattice.control.putLabel(host.id(), "HostCore.x", "y"))
        .hasMessageContaining("hostcore.* labels cannot be set dynamically");
    lattice.control.deleteLabel(host.id(), "zone");
    assertThat(lattice.awaitEvent(LatticeEvent.LabelsChanged.class, 2).labels())
        .doesNotContainKey("zone");
    assertThat(lattice.control.deleteLabel(host.id(), "zone"))
        .isEqualTo("successfully deleted label (no such label)");
  }

  @Test
  void bidsOnlyWhereItsLabelsFit() throws Exception {
    Host host = lattice.host(o -> o.labels(Map.of("zone", "a")));
    assertThat(
            lattice.control.auction(
                new ComponentAuction("r", "c", Map.of("zone", "a")), Duration.ofSeconds(90), 1))
        .singleElement()
        .satisfies(
            bid -> {
              assertThat(bid.hostId()).isEqualTo(host.id());
              assertThat(bid.componentId()).isEqualTo("c");
            });
    assertThat(
            lattice.control.auction(
                new ProviderAuction("r", "p", Map.of("zone", "b")), Duration.ofMillis(500), 1))
        .isEmpty();
  }

  @Test
  void refusesLinksThatLeadElsewhereAndKeepsUnknownFields() throws Exception {
    lattice.host();
    Bucket bucket = Bucket.find(lattice.connection, "LATTICEDATA_" + NATS.lattice()).orElseThrow();
    bucket.put(
        "COMPONENT_a",
        "{\"url\":\"x\",\"links\":[],\"theirs\":{\"k\":1}}".getBytes(StandardCharsets.UTF_8));
    Link link = Link.of("a", "kv", "wasi", "keyvalue", "store");
    assertThat(lattice.control.putLink(link)).startsWith("successfully set link");
    assertThat(lattice.control.putLink(link)).startsWith("successfully set link");
    assertThat(lattice.awaitEvent(LatticeEvent.LinkSet.class, 1).link()).isEqualTo(link);
    Link elsewhere = Link.of("a", "other", "wasi", "keyvalue", "store", "atomics");
    assertThatThrownBy(() -> lattice.control.putLink(elsewhere))
        .hasMessageContaining(Links.CONFLICT);
    assertThat(lattice.awaitEvent(LatticeEvent.LinkSetFailed.class, 1).error())
        .isEqualTo(Links.CONFLICT);
    assertThat(lattice.control.links()).containsExactly(link);
    lattice.control.replaceLink(elsewhere);
    assertThat(lattice.control.links()).containsExactly(elsewhere);
    JsonNode stored =
        Json.tree(bucket.get("COMPONENT_a").orElseThrow().value(), "the specification");
    assertThat(stored.at("/theirs/k").intValue()).isEqualTo(1);
    assertThat(stored.get("url").textValue()).isEqualTo("x");
    lattice.control.deleteLink(LinkKey.of(elsewhere));
    assertThat(lattice.control.links()).isEmpty();
    assertThat(lattice.awaitEvent(LatticeEvent.LinkDeleted.class, 2).target()).isEqualTo("other");
  }

  @Test
  void refusesLinksToConfigsThatAreNotThere() throws Exception {
    lattice.host();
    Link link =
        Link.of("a", "kv", "wasi", "keyvalue", "store")
            .withConfigs(List.of(), List.of("no-such-config"));
    assertThatThrownBy(() -> lattice.control.putLink(link))
        .hasMessageContaining("Configuration no-such-config not found in config store.");
    lattice.control.putConfig("no-such-config", Map.of("k", "v"));
    lattice.control.putLink(link);
  }

  @Test
  void losesNoneOfManyLinksPutAtOnce() throws Exception {
    lattice.host();
    lattice.host();
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      links.add(Link.of("a", "t" + i, "ns", "pkg" + i, "iface"));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> puts =
          links.stream().map(link -> threads.submit(() -> lattice.control.putLink(link))).toList();
      for (Future<String> put : puts) {
        assertThat(put.get()).startsWith("successfully set link");
      }
    }
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () -> assertThat(lattice.control.links()).containsExactlyInAnyOrderElementsOf(links));
  }

  @Test
  void keepsConfigs() throws Exception {
    lattice.host();
    assertThat(lattice.control.config("c")).isEmpty();
    lattice.control.putConfig("c", Map.of("k", "v"));
    assertThat(lattice.control.config("c")).contains(Map.of("k", "v"));
    assertThat(lattice.awaitEvent(LatticeEvent.ConfigSet.class, 1).configName()).isEqualTo("c");
    lattice.control.deleteConfig("c");
    assertThat(lattice.control.config("c")).isEmpty();
    lattice.awaitEvent(LatticeEvent.ConfigDeleted.class, 1);
  }

  @Test
  void saysWhyAnImageCannotRun() throws Exception {
    Host host = lattice.host();
    Path text = Files.writeString(dir.resolve("text.wasm"), "hello");
    Path core = Files.write(dir.resolve("core.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    Map<String, String> expected =
        Map.of(
            "ghcr.io/some/component:1",
            "pulling from a registry is not there yet; use file://",
            "file://relative.wasm",
            "relative (expected: file:// and an absolute path",
            "file:///no/such/file.wasm",
            "not found on this host",
            "file://" + text,
            "text.wasm",
            "file://" + core,
            "core WebAssembly module, not a component");
    int nth = 0;
    for (var entry : expected.entrySet()) {
      String ref = entry.getKey();
      lattice.control.scale(host.id(), ScaleComponent.of(host.id(), "c" + nth, ref, 1));
      nth++;
      LatticeEvent.ComponentScaleFailed failed =
          lattice.awaitEvent(LatticeEvent.ComponentScaleFailed.class, nth);
      assertThat(failed.imageRef()).isEqualTo(ref);
      assertThat(failed.error()).containsIgnoringCase(entry.getValue());
      assertThat(failed.hostId()).isEqualTo(host.id());
    }
    assertThat(lattice.control.inventory(host.id()).components()).isEmpty();
  }

  @Test
  void stopsWhatDoesNotRun() throws Exception {
    Host host = lattice.host();
    lattice.control.scale(host.id(), ScaleComponent.of(host.id(), "none", "file:///x.wasm", 0));
    LatticeEvent.ComponentScaled scaled = lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    assertThat(scaled.maxInstances()).isZero();
    assertThat(scaled.imageRef()).isEqualTo("file:///x.wasm");
    assertThatThrownBy(
            () -> lattice.control.stopProvider(host.id(), new StopProvider("none", host.id())))
        .hasMessageContaining("provider with that ID is not running");
  }

  @Test
  void runsItsOwnProvidersUnderTheNamesOfOthers() throws Exception {
    Host host = lattice.host();
    String ref = "ghcr.io/wasmcloud/keyvalue-nats:0.3.1";
    lattice.control.startProvider(host.id(), StartProvider.of(host.id(), "kv", ref));
    LatticeEvent.ProviderStarted started =
        lattice.awaitEvent(LatticeEvent.ProviderStarted.class, 1);
    assertThat(started.imageRef()).isEqualTo(ref);
    assertThat(started.extra())
        .containsEntry("wattle_substitute", TextNode.valueOf("wattle://keyvalue-nats"));
    assertThat(lattice.control.inventory(host.id()).providers())
        .singleElement()
        .satisfies(provider -> assertThat(provider.imageRef()).isEqualTo(ref));
    assertThatThrownBy(
            () -> lattice.control.startProvider(host.id(), StartProvider.of(host.id(), "kv", ref)))
        .hasMessageContaining("provider with that ID is already running");
    assertThat(
            lattice.control.auction(
                new ProviderAuction(ref, "kv", Map.of()), Duration.ofMillis(500), 1))
        .isEmpty();
    lattice.control.stopProvider(host.id(), new StopProvider("kv", host.id()));
    assertThat(lattice.awaitEvent(LatticeEvent.ProviderStopped.class, 1).providerId())
        .isEqualTo("kv");
    lattice.control.startProvider(
        host.id(), StartProvider.of(host.id(), "x", "ghcr.io/acme/thing:1"));
    assertThat(lattice.awaitEvent(LatticeEvent.ProviderStartFailed.class, 1).error())
        .contains("ghcr.io/acme/thing:1")
        .contains("wattle://keyvalue-nats");
    assertThat(lattice.control.inventory(host.id()).providers()).isEmpty();
  }

  @Test
  void substitutesNothingWhenToldNotTo() throws Exception {
    Host host =
        lattice.host(
            o -> o.builtinProviders(io.wattle.host.provider.BuiltinProviders.Policy.NEVER));
    lattice.control.startProvider(
        host.id(), StartProvider.of(host.id(), "kv", "ghcr.io/wasmcloud/keyvalue-nats:0.3.1"));
    assertThat(lattice.awaitEvent(LatticeEvent.ProviderStartFailed.class, 1).error())
        .contains("it would run as wattle://keyvalue-nats with --builtin-providers prefer");
    lattice.control.startProvider(
        host.id(), StartProvider.of(host.id(), "kv", "wattle://keyvalue-nats"));
    assertThat(lattice.awaitEvent(LatticeEvent.ProviderStarted.class, 1).extra())
        .doesNotContainKey("wattle_substitute");
  }

  @Test
  void stopsWhenItIsTold() throws Exception {
    Host host = lattice.host();
    assertThat(lattice.control.stopHost(host.id(), Duration.ofSeconds(2)))
        .isEqualTo("successfully handled stop host");
    lattice.awaitEvent(LatticeEvent.HostStopped.class, 1);
    host.awaitStop();
    assertThat(host.state()).isEqualTo(HostState.STOPPED);
    assertThatThrownBy(() -> lattice.control.inventory(host.id()))
        .isInstanceOf(LatticeException.class);
  }

  @Test
  void refusesAnIdentityThatIsInUse() throws Exception {
    Host host = lattice.host();
    assertThatThrownBy(() -> Host.start(lattice.options("host-0", o -> o)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("another host uses the identity in");
    Path copy = Files.createDirectories(dir.resolve("copy"));
    Files.copy(dir.resolve("host-0/host.nk"), copy.resolve("host.nk"));
    // Who does not answer within a second, as on a machine that stands still, is taken for dead.
    assertThatThrownBy(
            () -> {
              for (int tried = 0; tried < 5; tried++) {
                Host.start(lattice.options("copy", o -> o)).close();
              }
            })
        .isInstanceOf(HostException.class)
        .hasMessageContaining(host.id())
        .hasMessageContaining("already");
  }

  @Test
  void saysThatNatsIsNotReached() {
    HostOptions nowhere =
        HostOptions.builder(
                LatticeOptions.of("nats://127.0.0.1:1", "x")
                    .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                dir.resolve("nowhere"))
            .build();
    assertThatThrownBy(() -> Host.start(nowhere))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("nats://127.0.0.1:1");
  }

  @Test
  void survivesWhatItCannotRead() throws Exception {
    Host host = lattice.host();
    LatticeConnection connection = lattice.connection;
    String base = "wasmbus.ctl.v1." + NATS.lattice() + ".";
    for (String subject : List.of("component.scale." + host.id(), "link.put", "config.put.x")) {
      byte[] answer =
          connection.request(
              base + subject, "{nonsense".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(90));
      ObjectNode json = (ObjectNode) Json.tree(answer, "the answer");
      assertThat(json.get("success").booleanValue()).isFalse();
      assertThat(json.get("message").textValue()).isNotEmpty();
    }
    byte[] unknown =
        connection.request(base + "host.nothing." + host.id(), new byte[0], Duration.ofSeconds(90));
    assertThat(Json.tree(unknown, "the answer").get("message").textValue())
        .isEqualTo("unsupported subject");
    assertThat(lattice.control.inventory(host.id()).hostId()).isEqualTo(host.id());
  }
}

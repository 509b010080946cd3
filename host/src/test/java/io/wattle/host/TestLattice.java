package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.ProviderDescription;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.event.EventSubscriber;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.event.ReceivedEvent;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.testing.NatsForTests;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A lattice with hosts that are stopped in the end, seen through its control interface. */
final class TestLattice implements AutoCloseable {
  private final NatsForTests nats;
  private final Path dir;
  private final List<Host> hosts = new ArrayList<>();
  private final List<ReceivedEvent> events = new CopyOnWriteArrayList<>();
  final LatticeConnection connection;
  final ControlClient control;

  TestLattice(NatsForTests nats, Path dir) throws InterruptedException {
    this.nats = nats;
    this.dir = dir;
    this.connection = nats.connect();
    this.control = new ControlClient(connection);
    EventSubscriber.subscribe(connection, events::add);
    connection.flush(Duration.ofSeconds(60));
  }

  Host host() throws Exception {
    return host(options -> options);
  }

  Host host(UnaryOperator<HostOptions.Builder> change) throws Exception {
    Host host = Host.start(options("host-" + hosts.size(), change));
    hosts.add(host);
    return host;
  }

  HostOptions options(String name, UnaryOperator<HostOptions.Builder> change) {
    return change
        .apply(
            HostOptions.builder(nats.options(), dir.resolve(name))
                .memoryBudget(256L << 20)
                .drain(Duration.ofSeconds(5)))
        .build();
  }

  /** Events of a kind so far, in order. */
  <E extends LatticeEvent> List<E> events(Class<E> kind) {
    return received().filter(kind::isInstance).map(kind::cast).toList();
  }

  Stream<LatticeEvent> received() {
    return events.stream().map(ReceivedEvent::event);
  }

  /** Waits for the nth event of a kind (from 1). */
  <E extends LatticeEvent> E awaitEvent(Class<E> kind, int nth) {
    await().atMost(Duration.ofSeconds(90)).until(() -> events(kind).size() >= nth);
    return events(kind).get(nth - 1);
  }

  /** The text of a dist component's reference. */
  static String image(String guest) {
    Path wasm = Path.of("../components/dist/" + guest + ".wasm").toAbsolutePath().normalize();
    assertThat(wasm).exists();
    return "file://" + wasm;
  }

  void scale(Host host, String id, String guest, long count) throws Exception {
    control.scale(host.id(), ScaleComponent.of(host.id(), id, image(guest), count));
  }

  /** Starts an HTTP server for a component and tells its address. */
  String serve(Host host, String component) throws Exception {
    return serve(host, component, "http-" + component);
  }

  /** As above, by a provider of this id. */
  String serve(Host host, String component, String provider) throws Exception {
    control.putConfig(provider, Map.of("address", "127.0.0.1:0"));
    control.startProvider(
        host.id(), StartProvider.of(host.id(), provider, "ghcr.io/wasmcloud/http-server:0.27.0"));
    control.putLink(
        Link.of(provider, component, "wasi", "http", "incoming-handler")
            .withConfigs(List.of(provider), List.of()));
    await().atMost(Duration.ofSeconds(90)).until(() -> !endpoints(host, provider).isEmpty());
    return endpoints(host, provider).getFirst();
  }

  void keyValue(Host host, String component) throws Exception {
    control.putConfig("kv", Map.of("bucket", "test", "enable_bucket_auto_create", "true"));
    control.startProvider(
        host.id(), StartProvider.of(host.id(), "kv", "ghcr.io/wasmcloud/keyvalue-nats:0.3.1"));
    control.putLink(
        Link.of(component, "kv", "wasi", "keyvalue", "store", "atomics")
            .withConfigs(List.of(), List.of("kv")));
  }

  List<String> endpoints(Host host, String provider) throws Exception {
    List<String> endpoints = new ArrayList<>();
    for (ProviderDescription running : control.inventory(host.id()).providers()) {
      JsonNode addresses = running.extra().get("wattle_endpoints");
      if (running.id().equals(provider) && addresses != null) {
        addresses.forEach(address -> endpoints.add(address.textValue()));
      }
    }
    return endpoints;
  }

  String missingLinks(Host host, String id) throws Exception {
    return control.inventory(host.id()).components().stream()
        .filter(component -> component.id().equals(id))
        .map(component -> String.valueOf(component.extra().get("wattle_missing_links")))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    hosts.forEach(Host::close);
  }
}

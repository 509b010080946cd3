package io.wattle.controlplane.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.Ack;
import io.wattle.lattice.control.ComponentAuction;
import io.wattle.lattice.control.ComponentAuctionAck;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.ControlHandler;
import io.wattle.lattice.control.ControlRefusal;
import io.wattle.lattice.control.ControlServer;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.ProviderAuction;
import io.wattle.lattice.control.ProviderAuctionAck;
import io.wattle.lattice.control.ProviderDescription;
import io.wattle.lattice.control.RegistryCredential;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.control.StopHost;
import io.wattle.lattice.control.StopProvider;
import io.wattle.lattice.control.UpdateComponent;
import io.wattle.lattice.event.EventPublisher;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.kv.BucketOptions;
import io.wattle.lattice.kv.ConfigData;
import io.wattle.lattice.kv.LatticeData;
import io.wattle.lattice.kv.Versioned;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import io.wattle.lattice.link.Links;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A host that speaks the real protocol over NATS and does what it is told, without running
 * anything: images whose reference contains {@code broken} fail.
 */
final class ScriptedHost implements ControlHandler, AutoCloseable {
  final String id;
  final Map<String, ComponentDescription> components = new ConcurrentHashMap<>();
  final Map<String, ProviderDescription> providers = new ConcurrentHashMap<>();
  final List<String> commands = new CopyOnWriteArrayList<>();
  private final Map<String, String> labels;
  private final LatticeConnection connection;
  private final LatticeData data;
  private final ConfigData configs;
  private final EventPublisher events;
  private volatile ControlServer server;

  /** Whether it takes commands and then does nothing. */
  volatile boolean lazy;

  /** So many of the next links and configs find their bucket without a leader. */
  final AtomicInteger leaderless = new AtomicInteger();

  /** Closed while the host is paused: whoever asks for its inventory waits. */
  private volatile CountDownLatch goesOn = new CountDownLatch(0);

  ScriptedHost(LatticeConnection connection, String id, Map<String, String> labels)
      throws InterruptedException {
    this.connection = connection;
    this.id = id;
    this.labels = labels;
    this.data = LatticeData.open(connection, BucketOptions.DEFAULT);
    this.configs = ConfigData.open(connection, BucketOptions.DEFAULT);
    this.events = new EventPublisher(connection, id, InstantSource.system());
    this.server = ControlServer.start(connection, id, ControlServer.Options.DEFAULT, this);
    events.publish(new LatticeEvent.HostStarted(id, labels, 0, "1.0.0", Map.of()));
  }

  /** Answers nothing until {@link #resume}, like a stopped process. */
  void pause() {
    goesOn = new CountDownLatch(1);
  }

  /** Goes on where it was paused. */
  void resume() {
    goesOn.countDown();
  }

  /** Nobody reaches it any more, and what runs on it goes on. */
  void cutOff() throws InterruptedException {
    server.close();
    connection.flush(Duration.ofSeconds(60)); // from now on the server knows that nobody listens
  }

  /** Is reached again and says so by a heartbeat. */
  void comeBack() throws InterruptedException {
    server = ControlServer.start(connection, id, ControlServer.Options.DEFAULT, this);
    events.publish(new LatticeEvent.HostHeartbeat(inventory()));
  }

  /** Dies without a word. */
  @Override
  public void close() {
    server.close();
    connection.close();
  }

  @Override
  public HostInfo ping() {
    return new HostInfo(id, id, connection.lattice(), labels, 1, "1s", "1.0.0", null, null, null);
  }

  @Override
  public HostInventory inventory() {
    try {
      if (!goesOn.await(1, TimeUnit.MINUTES)) {
        throw new AssertionError("host " + id + " was paused and never went on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new HostInventory(
        id,
        id,
        labels,
        "1.0.0",
        "1s",
        1,
        List.copyOf(components.values()),
        List.copyOf(providers.values()),
        Map.of());
  }

  @Override
  public Ack scale(ScaleComponent request) {
    commands.add("scale " + request.componentId() + " " + request.count());
    return new Ack("", () -> scaled(request));
  }

  private void scaled(ScaleComponent request) {
    Map<String, String> annotations =
        request.annotations() == null ? Map.of() : request.annotations();
    if (lazy) {
      return;
    }
    if (request.componentRef().contains("broken") && request.count() > 0) {
      events.publish(
          new LatticeEvent.ComponentScaleFailed(
              request.componentId(),
              request.componentRef(),
              request.count(),
              id,
              annotations,
              "image not found: " + request.componentRef(),
              null,
              Map.of()));
      return;
    }
    if (request.count() == 0) {
      components.remove(request.componentId());
    } else {
      Map<String, JsonNode> extra =
          request.componentRef().contains("unlinked")
              ? Map.of(
                  "wattle_missing_links",
                  io.wattle.lattice.json.Json.mapper().valueToTree(List.of("a:b/c")))
              : Map.of();
      components.put(
          request.componentId(),
          new ComponentDescription(
              request.componentId(),
              request.componentRef(),
              null,
              annotations,
              0,
              request.count(),
              null,
              extra));
    }
    events.publish(
        new LatticeEvent.ComponentScaled(
            request.componentId(),
            request.componentRef(),
            request.count(),
            id,
            annotations,
            null,
            null,
            Map.of()));
  }

  @Override
  public Optional<Ack> startProvider(StartProvider request) throws ControlRefusal {
    commands.add("start " + request.providerId());
    if (providers.containsKey(request.providerId())) {
      throw new ControlRefusal("provider with that ID is already running");
    }
    return Optional.of(new Ack("successfully started provider", () -> started(request)));
  }

  private void started(StartProvider request) {
    if (request.providerRef().contains("broken")) {
      events.publish(
          new LatticeEvent.ProviderStartFailed(
              request.providerRef(),
              request.providerId(),
              id,
              "cannot listen on 127.0.0.1:8080: the port is taken",
              "default",
              Map.of()));
      return;
    }
    Map<String, String> annotations =
        request.annotations() == null ? Map.of() : request.annotations();
    providers.put(
        request.providerId(),
        new ProviderDescription(
            request.providerId(),
            request.providerRef(),
            null,
            0,
            annotations,
            Map.of("note", TextNode.valueOf("kept"))));
    events.publish(
        new LatticeEvent.ProviderStarted(
            request.providerId(),
            request.providerRef(),
            id,
            annotations,
            null,
            null,
            null,
            null,
            Map.of()));
  }

  @Override
  public Ack stopProvider(StopProvider request) throws ControlRefusal {
    commands.add("stop " + request.providerId());
    ProviderDescription gone = providers.remove(request.providerId());
    if (gone == null) {
      throw new ControlRefusal("provider with that ID is not running");
    }
    events.publish(
        new LatticeEvent.ProviderStopped(
            gone.id(), id, gone.annotations(), "stop", null, null, null, Map.of()));
    return Ack.of("successfully stopped provider");
  }

  @Override
  public Ack putLink(Link link, boolean replace) throws ControlRefusal, InterruptedException {
    commands.add("link " + link.sourceId() + " " + link.target());
    checkLeader();
    for (String name : link.sourceConfig()) {
      if (!configs.exists(name)) {
        throw new ControlRefusal("Configuration " + name + " not found in config store.");
      }
    }
    return switch (data.putLink(link, replace)) {
      case LatticeData.LinkWrite.Stored stored -> Ack.of("successfully set link");
      case LatticeData.LinkWrite.Conflict conflict -> throw new ControlRefusal(Links.CONFLICT);
    };
  }

  @Override
  public Ack deleteLink(LinkKey key, String by) throws InterruptedException {
    data.deleteLink(key, by);
    return Ack.of("successfully deleted link");
  }

  @Override
  public List<Link> links() throws InterruptedException {
    return data.links();
  }

  @Override
  public Ack putConfig(String name, Map<String, String> values)
      throws ControlRefusal, InterruptedException {
    commands.add("config " + name);
    checkLeader();
    configs.put(name, values);
    return Ack.of("successfully put config");
  }

  private void checkLeader() throws ControlRefusal {
    if (leaderless.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new ControlRefusal(
          "bucket LATTICEDATA_test: JetStream at nats://127.0.0.1:4222 did not answer (503 No"
              + " Responders Available For Request): is the server there, and does it run with"
              + " -js?");
    }
  }

  @Override
  public Ack deleteConfig(String name, String by) throws InterruptedException {
    configs.delete(name, by);
    return Ack.of("successfully deleted config");
  }

  @Override
  public Optional<Map<String, String>> config(String name) throws InterruptedException {
    return configs.get(name).map(Versioned::value);
  }

  @Override
  public Ack stopHost(StopHost request) throws ControlRefusal {
    throw unsupported();
  }

  @Override
  public Ack putLabel(String key, String value) throws ControlRefusal {
    throw unsupported();
  }

  @Override
  public Ack deleteLabel(String key) throws ControlRefusal {
    throw unsupported();
  }

  @Override
  public Optional<ComponentAuctionAck> auction(ComponentAuction auction) {
    return Optional.empty();
  }

  @Override
  public Optional<ProviderAuctionAck> auction(ProviderAuction auction) {
    return Optional.empty();
  }

  @Override
  public Ack update(UpdateComponent request) throws ControlRefusal {
    throw unsupported();
  }

  @Override
  public List<Map<String, String>> claims() {
    return List.of();
  }

  @Override
  public Ack putRegistries(Map<String, RegistryCredential> credentials) throws ControlRefusal {
    throw unsupported();
  }

  private static ControlRefusal unsupported() {
    return new ControlRefusal("a scripted host does not do that");
  }

  long instances(String component) {
    ComponentDescription running = components.get(component);
    return running == null ? 0 : running.maxInstances();
  }
}

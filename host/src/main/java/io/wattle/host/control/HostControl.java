package io.wattle.host.control;

import io.wattle.host.component.Components;
import io.wattle.host.event.Events;
import io.wattle.host.link.Agreement;
import io.wattle.host.link.LatticeState;
import io.wattle.host.provider.Providers;
import io.wattle.host.work.SerialTasks;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.Ack;
import io.wattle.lattice.control.ComponentAuction;
import io.wattle.lattice.control.ComponentAuctionAck;
import io.wattle.lattice.control.ControlHandler;
import io.wattle.lattice.control.ControlRefusal;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.ProviderAuction;
import io.wattle.lattice.control.ProviderAuctionAck;
import io.wattle.lattice.control.RegistryCredential;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.control.StopHost;
import io.wattle.lattice.control.StopProvider;
import io.wattle.lattice.control.UpdateComponent;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the host does when it is told to (section 2). Answers come at once, work follows: in the
 * order in which the commands came, for each component and provider.
 */
public final class HostControl implements ControlHandler {
  private static final Logger LOG = LoggerFactory.getLogger(HostControl.class);
  private static final long REPLY_SECONDS = 2;

  private final HostFacts facts;
  private final Events events;
  private final SerialTasks tasks;
  private final LatticeState state;
  private final LinkCommands links;
  private final Consumer<StopHost> stopHost;

  /**
   * @param grace how long calls by a link that was replaced are let in
   * @param stopHost stops the host as asked; called after the answer
   */
  public HostControl(
      HostFacts facts,
      Events events,
      SerialTasks tasks,
      LatticeConnection connection,
      LatticeState state,
      Agreement agreement,
      Duration grace,
      Consumer<StopHost> stopHost) {
    this.facts = facts;
    this.events = events;
    this.tasks = tasks;
    this.state = state;
    this.links = new LinkCommands(connection, state, agreement, events, grace);
    this.stopHost = stopHost;
  }

  @Override
  public HostInfo ping() {
    return facts.info();
  }

  @Override
  public HostInventory inventory() {
    return facts.inventory();
  }

  @Override
  public Ack stopHost(StopHost request) throws ControlRefusal {
    if (!request.hostId().isEmpty() && !request.hostId().equals(facts.id())) {
      throw new ControlRefusal("invalid host_id [" + request.hostId() + "]");
    }
    return new Ack("successfully handled stop host", () -> stopHost.accept(request));
  }

  @Override
  public Ack putLabel(String key, String value) throws ControlRefusal {
    facts.labels().put(key, value);
    return new Ack("successfully put label", () -> events.labelsChanged(facts.labels().all()));
  }

  @Override
  public Ack deleteLabel(String key) {
    if (!facts.labels().delete(key)) {
      return Ack.of("successfully deleted label (no such label)");
    }
    return new Ack("successfully deleted label", () -> events.labelsChanged(facts.labels().all()));
  }

  @Override
  public Optional<ComponentAuctionAck> auction(ComponentAuction auction) {
    return components().runs(auction.componentId())
            || !facts.labels().satisfy(auction.constraints())
        ? Optional.empty()
        : Optional.of(ComponentAuctionAck.of(auction, facts.id()));
  }

  @Override
  public Optional<ProviderAuctionAck> auction(ProviderAuction auction) {
    return providers().has(auction.providerId()) || !facts.labels().satisfy(auction.constraints())
        ? Optional.empty()
        : Optional.of(ProviderAuctionAck.of(auction, facts.id()));
  }

  @Override
  public Ack scale(ScaleComponent request) {
    return inOrder(request.componentId(), scaleMessage(request), () -> components().scale(request));
  }

  @Override
  public Ack update(UpdateComponent request) throws ControlRefusal {
    String id = request.componentId();
    Optional<String> image = components().image(id);
    if (image.isEmpty()) {
      throw new ControlRefusal("component " + id + " not found");
    }
    String wanted = request.newComponentRef();
    if (image.get().equals(wanted)) {
      return Ack.of("component " + id + " already updated to " + wanted);
    }
    return inOrder(
        id,
        "component " + id + " updating from " + image.get() + " to " + wanted,
        () -> components().update(request));
  }

  @Override
  public Ack prepare(String image) {
    return new Ack("", () -> components().prepare(image));
  }

  @Override
  public Optional<Ack> startProvider(StartProvider request) throws ControlRefusal {
    if (!providers().reserve(request.providerId())) {
      if (request.isReplacing()) {
        return Optional.of(
            new Ack("successfully started provider", () -> providers().replace(request)));
      }
      throw new ControlRefusal("provider with that ID is already running");
    }
    return Optional.of(new Ack("successfully started provider", () -> providers().start(request)));
  }

  @Override
  public Ack stopProvider(StopProvider request) throws ControlRefusal {
    if (!providers().stop(request.providerId())) {
      throw new ControlRefusal("provider with that ID is not running");
    }
    return Ack.of("successfully stopped provider");
  }

  @Override
  public Ack putLink(Link link, boolean replace) throws ControlRefusal, InterruptedException {
    return links.putLink(link, replace);
  }

  @Override
  public Ack deleteLink(LinkKey key, String by) throws ControlRefusal, InterruptedException {
    return links.deleteLink(key, by);
  }

  @Override
  public List<Link> links() {
    return state.links().all();
  }

  @Override
  public Ack putConfig(String name, Map<String, String> values)
      throws ControlRefusal, InterruptedException {
    return links.putConfig(name, values);
  }

  @Override
  public Ack deleteConfig(String name, String by) throws ControlRefusal, InterruptedException {
    return links.deleteConfig(name, by);
  }

  @Override
  public Optional<Map<String, String>> config(String name)
      throws ControlRefusal, InterruptedException {
    return links.config(name);
  }

  @Override
  public List<Map<String, String>> claims() throws InterruptedException {
    return ClaimsAnswer.of(state.claims().values());
  }

  /** Taken note of and not used: this host does not pull from registries. */
  @Override
  public Ack putRegistries(Map<String, RegistryCredential> credentials) {
    return Ack.of("successfully put registries");
  }

  private String scaleMessage(ScaleComponent request) {
    Optional<String> image = components().image(request.componentId());
    if (image.isEmpty() || request.count() == 0 || image.get().equals(request.componentRef())) {
      return "";
    }
    return "component "
        + request.componentId()
        + " runs "
        + image.get()
        + ", not "
        + request.componentRef()
        + (request.allowUpdate()
            ? "; it is updated"
            : "; it is scaled and keeps its code (allow_update replaces it)");
  }

  /** Keeps the order of the commands although each is worked on after its answer. */
  private Ack inOrder(String component, String message, SerialTasks.Task work) {
    CountDownLatch answered = new CountDownLatch(1);
    tasks.run(
        "component " + component,
        () -> {
          if (!answered.await(REPLY_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("the answer to a command for {} took more than 2 s", component);
          }
          work.run();
        });
    return new Ack(message, answered::countDown);
  }

  private Components components() {
    return facts.components();
  }

  private Providers providers() {
    return facts.providers();
  }
}

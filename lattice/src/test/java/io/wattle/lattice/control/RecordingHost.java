package io.wattle.lattice.control;

import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A host that keeps what it hears and says it back. */
record RecordingHost(String id, List<String> heard) implements ControlHandler {
  RecordingHost(String id) {
    this(id, new CopyOnWriteArrayList<>());
  }

  private Ack ack(String message) {
    heard.add(message);
    return Ack.of(message);
  }

  @Override
  public HostInfo ping() {
    return new HostInfo(
        id, "calm-rod-1", "l", Map.of("host", id), 7, "7s", "0.1.0", null, null, null);
  }

  @Override
  public HostInventory inventory() {
    return new HostInventory(
        id,
        "calm-rod-1",
        Map.of(),
        "0.1.0",
        "7s",
        7,
        List.of(
            new ComponentDescription(
                "c", "r", null, Map.of("a", "b"), 0, ScaleComponent.UNBOUNDED, null, Map.of())),
        List.of(new ProviderDescription("p", "r", null, 0, Map.of(), Map.of())),
        Map.of());
  }

  @Override
  public Ack stopHost(StopHost request) {
    return ack("stopping in " + request.deadline().toMillis());
  }

  @Override
  public Ack putLabel(String key, String value) throws ControlRefusal {
    if (key.startsWith("hostcore.")) {
      throw new ControlRefusal("hostcore.* labels cannot be set dynamically");
    }
    return ack("label " + key + " " + value);
  }

  @Override
  public Ack deleteLabel(String key) {
    return ack("no label " + key);
  }

  @Override
  public Optional<ComponentAuctionAck> auction(ComponentAuction auction) {
    return Optional.of(ComponentAuctionAck.of(auction, id))
        .filter(ack -> id.equals(auction.constraints().get("host")));
  }

  @Override
  public Optional<ProviderAuctionAck> auction(ProviderAuction auction) {
    return Optional.of(ProviderAuctionAck.of(auction, id))
        .filter(ack -> id.equals(auction.constraints().get("host")));
  }

  @Override
  public Ack scale(ScaleComponent request) {
    return new Ack(
        "scaled " + request.componentId() + " " + request.count(),
        () -> heard.add("afterwards " + request.componentId()));
  }

  @Override
  public Ack update(UpdateComponent request) {
    return ack("updated " + request.componentId() + " " + request.newComponentRef());
  }

  @Override
  public Optional<Ack> startProvider(StartProvider request) {
    return Optional.of(ack("started " + request.providerId()));
  }

  @Override
  public Ack stopProvider(StopProvider request) {
    return ack("stopped " + request.providerId());
  }

  @Override
  public Ack putLink(Link link, boolean replace) {
    return ack("link " + link.sourceId() + " to " + link.target() + (replace ? " replaced" : ""));
  }

  @Override
  public Ack deleteLink(LinkKey key, String by) {
    return ack("no link " + key.sourceId());
  }

  @Override
  public List<Link> links() {
    return List.of(Link.of("a", "b", "wasi", "http", "incoming-handler"));
  }

  @Override
  public Ack putConfig(String name, Map<String, String> values) {
    return ack("config " + name + " " + values);
  }

  @Override
  public Ack deleteConfig(String name, String by) {
    return ack("no config " + name);
  }

  @Override
  public Optional<Map<String, String>> config(String name) {
    return name.equals("absent") ? Optional.empty() : Optional.of(Map.of("name", name));
  }

  @Override
  public List<Map<String, String>> claims() {
    return List.of(Map.of("sub", "M1"));
  }

  @Override
  public Ack putRegistries(Map<String, RegistryCredential> credentials) {
    return ack("registries " + credentials.keySet());
  }
}

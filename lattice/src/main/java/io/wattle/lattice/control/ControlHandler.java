package io.wattle.lattice.control;

import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A host, as the control interface sees it. Every method is called by many threads at once; slow
 * work belongs into {@link Ack#then()}, since callers wait 2 s. Names and messages are those of
 * section 2.
 */
public interface ControlHandler {
  /** Who we are. */
  HostInfo ping();

  /** What runs here. */
  HostInventory inventory();

  /** Stops this host. */
  Ack stopHost(StopHost request) throws ControlRefusal, InterruptedException;

  /** Sets a label. */
  Ack putLabel(String key, String value) throws ControlRefusal, InterruptedException;

  /** Removes a label. */
  Ack deleteLabel(String key) throws ControlRefusal, InterruptedException;

  /** A bid, or silence. */
  Optional<ComponentAuctionAck> auction(ComponentAuction auction) throws InterruptedException;

  /** A bid, or silence. */
  Optional<ProviderAuctionAck> auction(ProviderAuction auction) throws InterruptedException;

  /** Starts, scales or stops a component. */
  Ack scale(ScaleComponent request) throws ControlRefusal, InterruptedException;

  /** Replaces a component's code. */
  Ack update(UpdateComponent request) throws ControlRefusal, InterruptedException;

  /** Compiles a component ahead, when there is nothing else to do; our own command. */
  default Ack prepare(String image) throws ControlRefusal {
    throw new ControlRefusal("this host does not compile ahead");
  }

  /** Starts a provider; empty for silence. */
  Optional<Ack> startProvider(StartProvider request) throws ControlRefusal, InterruptedException;

  /** Stops a provider. */
  Ack stopProvider(StopProvider request) throws ControlRefusal, InterruptedException;

  /** Stores a link; {@code replace} is our own extra field of the message. */
  Ack putLink(Link link, boolean replace) throws ControlRefusal, InterruptedException;

  /** Removes a link; {@code by} is who asked for it. */
  Ack deleteLink(LinkKey key, String by) throws ControlRefusal, InterruptedException;

  /** All links this host knows. */
  List<Link> links() throws ControlRefusal, InterruptedException;

  /** Stores a config. */
  Ack putConfig(String name, Map<String, String> values)
      throws ControlRefusal, InterruptedException;

  /** Removes a config; {@code by} is who asked for it. */
  Ack deleteConfig(String name, String by) throws ControlRefusal, InterruptedException;

  /** Reads a config; empty when there is none. */
  Optional<Map<String, String>> config(String name) throws ControlRefusal, InterruptedException;

  /** All claims, each a map of text. */
  List<Map<String, String>> claims() throws ControlRefusal, InterruptedException;

  /** Takes credentials for registries, by registry. */
  Ack putRegistries(Map<String, RegistryCredential> credentials)
      throws ControlRefusal, InterruptedException;
}

package io.wattle.host.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.event.EventPublisher;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one host (section 3). They are hints: one that cannot be sent is logged and lost,
 * heartbeats say the same later.
 */
public final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);

  /** Our own: nothing else tells the end of a drain, whose beginning is the goodbye. */
  private static final String HOST_DRAINED = "wattle_host_drained";

  private static final String LINK_NAME = "default";

  private final EventPublisher publisher;
  private final String hostId;
  private volatile boolean left;

  public Events(EventPublisher publisher, String hostId) {
    this.publisher = publisher;
    this.hostId = hostId;
  }

  /** The host joined. */
  public void hostStarted(String friendlyName, Map<String, String> labels, String version) {
    publish(new LatticeEvent.HostStarted(friendlyName, labels, 0, version, Map.of()));
  }

  /** The host is alive; what runs on it. */
  public void heartbeat(HostInventory inventory) {
    publish(new LatticeEvent.HostHeartbeat(inventory));
  }

  /** The host left in good order, or does so now; nothing is said of what it stops from here on. */
  public void hostStopped(Map<String, String> labels) {
    publish(new LatticeEvent.HostStopped(labels, Map.of()));
    left = true;
  }

  /**
   * A host that said goodbye has finished what ran.
   *
   * @param cutOff invocations that were not finished in time
   */
  public void hostDrained(int cutOff) {
    left = false;
    publish(
        new LatticeEvent.Other(
            HOST_DRAINED, Json.mapper().valueToTree(Map.of("host_id", hostId, "cut_off", cutOff))));
    left = true;
  }

  /** All labels, after a change. */
  public void labelsChanged(Map<String, String> labels) {
    publish(new LatticeEvent.LabelsChanged(hostId, labels, Map.of()));
  }

  /** A component runs with {@code max} invocations at most. */
  public void componentScaled(String id, String ref, long max, Map<String, String> annotations) {
    publish(
        new LatticeEvent.ComponentScaled(id, ref, max, hostId, annotations, null, null, Map.of()));
  }

  /** A component could not be brought to {@code max}. */
  public void componentScaleFailed(
      String id, String ref, long max, Map<String, String> annotations, String error) {
    LOG.warn("component {} failed: {}", id, error);
    publish(
        new LatticeEvent.ComponentScaleFailed(
            id, ref, max, hostId, annotations, error, null, Map.of()));
  }

  /** A provider runs; {@code extra} says what it was substituted with. */
  public void providerStarted(
      String id, String ref, Map<String, String> annotations, Map<String, JsonNode> extra) {
    publish(
        new LatticeEvent.ProviderStarted(
            id, ref, hostId, annotations, null, null, null, null, extra));
  }

  /** A provider could not be started. */
  public void providerStartFailed(String id, String ref, String error) {
    LOG.warn("provider {} failed: {}", id, error);
    publish(new LatticeEvent.ProviderStartFailed(ref, id, hostId, error, LINK_NAME, Map.of()));
  }

  /** A provider was stopped. */
  public void providerStopped(String id, Map<String, String> annotations) {
    publish(
        new LatticeEvent.ProviderStopped(
            id, hostId, annotations, "stop", id, id, LINK_NAME, Map.of()));
  }

  /** A provider's health changed: what is wrong with it, or nothing any more. */
  public void providerHealth(String id, Optional<String> problem) {
    publish(
        problem.isEmpty()
            ? new LatticeEvent.HealthCheckPassed(hostId, id, Map.of())
            : new LatticeEvent.HealthCheckFailed(
                hostId,
                id,
                Map.of("wattle_problem", JsonNodeFactory.instance.textNode(problem.get()))));
  }

  /** A link was stored. */
  public void linkSet(Link link) {
    publish(new LatticeEvent.LinkSet(link));
  }

  /** A link was refused. */
  public void linkSetFailed(Link link, String error) {
    publish(new LatticeEvent.LinkSetFailed(link, error));
  }

  /** A link was removed, if it was there. */
  public void linkDeleted(LinkKey key, Optional<Link> deleted) {
    publish(
        new LatticeEvent.LinkDeleted(
            key.sourceId(),
            key.name(),
            key.witNamespace(),
            key.witPackage(),
            deleted.map(Link::target).orElse(null),
            deleted.map(Link::interfaces).orElse(null),
            Map.of()));
  }

  /** A config was stored. */
  public void configSet(String name) {
    publish(new LatticeEvent.ConfigSet(name, Map.of()));
  }

  /** A config was removed. */
  public void configDeleted(String name) {
    publish(new LatticeEvent.ConfigDeleted(name, Map.of()));
  }

  private void publish(LatticeEvent event) {
    if (left) {
      return;
    }
    try {
      publisher.publish(event);
    } catch (RuntimeException e) {
      LOG.warn("event {} was not sent: {}", event.getClass().getSimpleName(), e.getMessage());
    }
  }
}

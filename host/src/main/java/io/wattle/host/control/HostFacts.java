package io.wattle.host.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.wattle.host.component.Components;
import io.wattle.host.provider.Providers;
import io.wattle.host.work.SerialTasks;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.json.Json;
import java.util.Map;

/**
 * What a host says of itself (sections 2.3, 2.4).
 *
 * @param version plain semver: wadm drops heartbeats with anything else
 * @param natsUrl without credentials
 * @param tasks what it is at work on
 */
public record HostFacts(
    String id,
    String friendlyName,
    String lattice,
    String version,
    String natsUrl,
    Labels labels,
    Uptime uptime,
    Components components,
    Providers providers,
    SerialTasks tasks) {

  HostInfo info() {
    return new HostInfo(
        id,
        friendlyName,
        lattice,
        labels.all(),
        uptime.seconds(),
        uptime.human(),
        version,
        natsUrl,
        natsUrl,
        null);
  }

  /** What runs here; {@code wattle} marks a host that understands our extra fields. */
  public HostInventory inventory() {
    Map<String, JsonNode> extra =
        Map.of(
            "wattle_host",
            JsonNodeFactory.instance.booleanNode(true),
            HostInventory.PREPARED,
            Json.mapper().valueToTree(components.prepared()),
            HostInventory.WORKING,
            Json.mapper().valueToTree(tasks.keys()));
    return new HostInventory(
        id,
        friendlyName,
        labels.all(),
        version,
        uptime.human(),
        uptime.seconds(),
        components.describe(),
        providers.describe(),
        extra);
  }
}

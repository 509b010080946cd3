package io.wattle.lattice.control;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What runs on a host: answer to {@code host.get} and content of the heartbeat (section 2.4).
 *
 * @param extra fields of other versions; ours go here too
 */
public record HostInventory(
    String hostId,
    String friendlyName,
    Map<String, String> labels,
    String version,
    String uptimeHuman,
    long uptimeSeconds,
    @JsonAlias("actors") List<ComponentDescription> components,
    List<ProviderDescription> providers,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {
  /** Our own field: images that were compiled ahead, an array of text. */
  public static final String PREPARED = "wattle_prepared";

  /**
   * Our own field: what the host is at work on, an array of text such as {@code component} or
   * {@code provider}, a space and the id.
   */
  public static final String WORKING = "wattle_working";

  public HostInventory {
    hostId = Defaults.text(hostId);
    friendlyName = Defaults.text(friendlyName);
    labels = Defaults.map(labels);
    version = Defaults.text(version);
    uptimeHuman = Defaults.text(uptimeHuman);
    components = Defaults.list(components);
    providers = Defaults.list(providers);
    extra = Defaults.map(extra);
  }
}

package io.wattle.lattice.control;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Start a provider (section 2.9).
 *
 * @param config names of configs, later ones win
 * @param extra our own fields; other hosts ignore them
 */
public record StartProvider(
    String providerId,
    String providerRef,
    String hostId,
    List<String> config,
    @Nullable Map<String, String> annotations,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {
  private static final String REPLACE = "wattle_replace";

  public StartProvider {
    providerId = Defaults.required("provider_id", providerId);
    providerRef = Defaults.text(providerRef);
    hostId = Defaults.text(hostId);
    config = Defaults.list(config);
    extra = Defaults.map(extra);
  }

  /**
   * Our own field: whether it takes the place of a provider of this id that runs there, instead of
   * being refused.
   */
  @JsonIgnore
  public boolean isReplacing() {
    JsonNode replace = extra.get(REPLACE);
    return replace != null && replace.asBoolean();
  }

  /** The same, to take the place of one of this id. */
  public StartProvider replacing() {
    Map<String, JsonNode> more = new HashMap<>(extra);
    more.put(REPLACE, BooleanNode.TRUE);
    return new StartProvider(providerId, providerRef, hostId, config, annotations, more);
  }

  /** Without annotations and configs. */
  public static StartProvider of(String host, String id, String ref) {
    return new StartProvider(id, ref, host, List.of(), Map.of(), Map.of());
  }
}

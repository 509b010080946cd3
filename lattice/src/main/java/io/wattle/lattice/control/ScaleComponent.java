package io.wattle.lattice.control;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Run this component with at most {@code count} invocations in flight; 0 stops it (section 2.7).
 *
 * @param componentId required
 * @param count 0 to 2^32 - 1; the greatest means unbounded
 * @param annotations recorded with the component
 * @param componentLimits {@code max_memory_limit} in bytes, {@code max_execution_time} in seconds
 * @param hostId copied into events
 * @param config names of configs, later ones win
 * @param allowUpdate whether another reference than the running one replaces its code
 * @param extra our own fields; other hosts ignore them
 */
public record ScaleComponent(
    String componentId,
    String componentRef,
    long count,
    @Nullable Map<String, String> annotations,
    @Nullable Map<String, String> componentLimits,
    String hostId,
    List<String> config,
    boolean allowUpdate,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {
  /** The count that means unbounded. */
  public static final long UNBOUNDED = 0xFFFF_FFFFL;

  public ScaleComponent {
    componentId = Defaults.required("component_id", componentId);
    componentRef = Defaults.text(componentRef);
    hostId = Defaults.text(hostId);
    config = Defaults.list(config);
    extra = Defaults.map(extra);
    if (count < 0 || count > UNBOUNDED) {
      throw new IllegalArgumentException("count: " + count + " (expected: 0 to " + UNBOUNDED + ")");
    }
  }

  /** Without annotations, limits and configs. */
  public static ScaleComponent of(String host, String id, String ref, long count) {
    return new ScaleComponent(id, ref, count, Map.of(), null, host, List.of(), false, Map.of());
  }
}

package io.wattle.lattice.control;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A component on a host (section 2.4).
 *
 * @param imageRef exactly as in the command that started it
 * @param name from its claims
 * @param revision from its claims, else 0
 * @param maxInstances invocations that may be in flight; 2^32 - 1 means unbounded
 * @param limits {@code max_memory_limit}, {@code max_execution_time}; written as null when there
 *     are none
 * @param extra fields of other versions; ours go here too
 */
public record ComponentDescription(
    String id,
    String imageRef,
    @Nullable String name,
    Map<String, String> annotations,
    int revision,
    long maxInstances,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Map<String, String> limits,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {
  /**
   * Our field: how its functions run, {@code interpreted, compiling, compiled} or {@code failed}.
   */
  public static final String CODE = "wattle_code";

  public ComponentDescription {
    id = Defaults.text(id);
    imageRef = Defaults.text(imageRef);
    annotations = Defaults.map(annotations);
    extra = Defaults.map(extra);
  }
}

package io.wattle.lattice.control;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replace the code of a running component (section 2.8).
 *
 * @param annotations replace the recorded ones when present
 * @param extra our own fields; other hosts ignore them
 */
public record UpdateComponent(
    String componentId,
    String newComponentRef,
    String hostId,
    @Nullable Map<String, String> annotations,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {
  public UpdateComponent {
    componentId = Defaults.required("component_id", componentId);
    newComponentRef = Defaults.required("new_component_ref", newComponentRef);
    hostId = Defaults.text(hostId);
    extra = Defaults.map(extra);
  }
}

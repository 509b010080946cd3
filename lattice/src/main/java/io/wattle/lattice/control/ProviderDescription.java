package io.wattle.lattice.control;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A provider on a host (section 2.4).
 *
 * @param imageRef without {@code oci://} or {@code http(s)://}
 * @param name from its claims
 * @param revision from its claims, else 0
 * @param extra fields of other versions; ours go here too
 */
public record ProviderDescription(
    String id,
    @Nullable String imageRef,
    @Nullable String name,
    int revision,
    Map<String, String> annotations,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {
  public ProviderDescription {
    id = Defaults.text(id);
    annotations = Defaults.map(annotations);
    extra = Defaults.map(extra);
  }
}

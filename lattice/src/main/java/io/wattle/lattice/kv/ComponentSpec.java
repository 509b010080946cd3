package io.wattle.lattice.kv;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.lattice.link.Link;
import java.util.List;
import java.util.Map;

/**
 * What the lattice knows of a component or provider (section 4.2).
 *
 * @param url where its image came from first; empty when only links are known
 * @param links outgoing links
 * @param extra fields we do not know, kept when the specification is rewritten
 */
public record ComponentSpec(
    String url, List<Link> links, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {
  /** Nothing known. */
  public static final ComponentSpec EMPTY = new ComponentSpec("", List.of(), Map.of());

  public ComponentSpec {
    url = url == null ? "" : url;
    links = links == null ? List.of() : List.copyOf(links);
    extra = extra == null ? Map.of() : Map.copyOf(extra);
  }

  /** With other links. */
  public ComponentSpec withLinks(List<Link> other) {
    return new ComponentSpec(url, other, extra);
  }

  /** With another url. */
  public ComponentSpec withUrl(String other) {
    return new ComponentSpec(other, links, extra);
  }
}

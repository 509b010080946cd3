package io.wattle.lattice.kv;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.Revocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the lattice knows of a component or provider (section 4.2).
 *
 * @param url where its image came from first; empty when only links are known
 * @param links outgoing links
 * @param wattleRevoked the last links that were taken away, our own field
 * @param extra fields we do not know, kept when the specification is rewritten
 */
public record ComponentSpec(
    String url,
    List<Link> links,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Revocation> wattleRevoked,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {
  /** Nothing known. */
  public static final ComponentSpec EMPTY = new ComponentSpec("", List.of(), List.of(), Map.of());

  private static final int REMEMBERED = 16;

  public ComponentSpec {
    url = url == null ? "" : url;
    links = links == null ? List.of() : List.copyOf(links);
    wattleRevoked = wattleRevoked == null ? List.of() : List.copyOf(wattleRevoked);
    extra = extra == null ? Map.of() : Map.copyOf(extra);
  }

  /** With other links. */
  public ComponentSpec withLinks(List<Link> other) {
    return new ComponentSpec(url, other, wattleRevoked, extra);
  }

  /** With another url. */
  public ComponentSpec withUrl(String other) {
    return new ComponentSpec(other, links, wattleRevoked, extra);
  }

  /** With this link among those that were taken away; the oldest ones are forgotten. */
  public ComponentSpec withRevoked(Link link, String by) {
    List<Revocation> all = new ArrayList<>(Revocation.without(wattleRevoked, link));
    all.add(Revocation.of(link, by));
    return new ComponentSpec(
        url, links, all.subList(Math.max(0, all.size() - REMEMBERED), all.size()), extra);
  }

  /** With this link as one that was never taken away. */
  public ComponentSpec withGranted(Link link) {
    return new ComponentSpec(url, links, Revocation.without(wattleRevoked, link), extra);
  }
}

package io.wattle.controlplane.plan;

import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Links by what is asked of them for each of thousands of links, so that a plan does not go through
 * all of them each time.
 */
final class LinkIndex {
  private final Map<LinkKey, List<Link>> byKey = new HashMap<>();
  private final Map<String, List<Link>> byTarget = new HashMap<>();

  LinkIndex(List<Link> links) {
    for (Link link : links) {
      byKey.computeIfAbsent(LinkKey.of(link), key -> new ArrayList<>(1)).add(link);
      byTarget.computeIfAbsent(link.target(), target -> new ArrayList<>(1)).add(link);
    }
  }

  /**
   * Those of the same source, name and package, in their order: only among them is the same link,
   * or one in conflict.
   */
  List<Link> at(LinkKey key) {
    return byKey.getOrDefault(key, List.of());
  }

  /** Those that lead to a component or provider. */
  List<Link> to(String target) {
    return byTarget.getOrDefault(target, List.of());
  }
}

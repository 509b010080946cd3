package io.wattle.controlplane.plan;

import io.wattle.lattice.link.Link;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A lattice as it is seen.
 *
 * @param hosts those that are alive
 * @param configs every configuration with its values
 * @param attempts what was tried before, by {@link Action#key()}
 */
public record Observed(
    Instant now,
    List<ObservedHost> hosts,
    List<Link> links,
    Map<String, Map<String, String>> configs,
    Map<String, Attempt> attempts) {
  public Observed {
    hosts = hosts.stream().sorted(Comparator.comparing(ObservedHost::id)).toList();
    links = List.copyOf(links);
    configs = Map.copyOf(configs);
    attempts = Map.copyOf(attempts);
  }
}

package io.wattle.controlplane.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An application as it should be.
 *
 * @param version what is deployed; null for an application that shall be gone
 * @param deployment counts deploys and undeploys, so that a status can be told from an older one
 * @param configs configurations the application puts, by their name on the lattice
 * @param items in the order of the manifest
 * @param leftovers what earlier versions put and this one does not want
 */
public record DesiredApp(
    String name,
    @Nullable String version,
    long deployment,
    Map<String, Map<String, String>> configs,
    List<DesiredItem> items,
    Leftovers leftovers) {
  public DesiredApp {
    configs = Map.copyOf(configs);
    items = List.copyOf(items);
  }

  /** An application that shall be gone. */
  public static DesiredApp gone(String name, long deployment, Leftovers leftovers) {
    return new DesiredApp(name, null, deployment, Map.of(), List.of(), leftovers);
  }

  /**
   * Configurations and links that carry no annotation, so that somebody must remember whose they
   * were.
   */
  public record Leftovers(Set<String> configs, Set<LinkId> links) {
    /** Nothing left. */
    public static final Leftovers NONE = new Leftovers(Set.of(), Set.of());

    public Leftovers {
      configs = Set.copyOf(configs);
      links = Set.copyOf(links);
    }

    /** Whether nothing is left. */
    public boolean isEmpty() {
      return configs.isEmpty() && links.isEmpty();
    }
  }
}

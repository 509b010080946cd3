package io.wattle.controlplane.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A host that is alive. */
public record ObservedHost(
    String id,
    String name,
    Map<String, String> labels,
    List<RunningComponent> components,
    List<RunningProvider> providers) {
  public ObservedHost {
    labels = Map.copyOf(labels);
    components = List.copyOf(components);
    providers = List.copyOf(providers);
  }

  /**
   * A component on the host.
   *
   * @param conditions what does not work, in the host's words
   */
  public record RunningComponent(
      String id,
      String image,
      long instances,
      Map<String, String> annotations,
      List<String> conditions) {
    public RunningComponent {
      annotations = Map.copyOf(annotations);
      conditions = List.copyOf(conditions);
    }
  }

  /**
   * A provider on the host.
   *
   * @param conditions what does not work, in the host's words
   */
  public record RunningProvider(
      String id, String image, Map<String, String> annotations, List<String> conditions) {
    public RunningProvider {
      annotations = Map.copyOf(annotations);
      conditions = List.copyOf(conditions);
    }
  }

  Optional<RunningComponent> component(String wanted) {
    return components.stream().filter(c -> c.id().equals(wanted)).findFirst();
  }

  Optional<RunningProvider> provider(String wanted) {
    return providers.stream().filter(p -> p.id().equals(wanted)).findFirst();
  }

  /** The name for people, with enough of the id to find it. */
  String label() {
    return name.isEmpty() ? id : name;
  }
}

package io.wattle.controlplane.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A host that is alive.
 *
 * @param responsive whether it answered when it was asked last; one that did not may be about to be
 *     dead, and nothing new is placed on it if another fits
 * @param prepared images it has compiled ahead; null when it cannot be asked for that
 * @param working what it is at work on, as {@link #work(DesiredItem.Workload)} names it
 * @param tookOver whether that may be by order of whoever told it what to do before us
 */
public record ObservedHost(
    String id,
    String name,
    Map<String, String> labels,
    List<RunningComponent> components,
    List<RunningProvider> providers,
    boolean responsive,
    @Nullable Set<String> prepared,
    Set<String> working,
    boolean tookOver) {
  public ObservedHost {
    labels = Map.copyOf(labels);
    components = List.copyOf(components);
    providers = List.copyOf(providers);
    prepared = prepared == null ? null : Set.copyOf(prepared);
    working = Set.copyOf(working);
  }

  /** A host that answers. */
  public ObservedHost(
      String id,
      String name,
      Map<String, String> labels,
      List<RunningComponent> components,
      List<RunningProvider> providers) {
    this(id, name, labels, components, providers, true, null, Set.of(), false);
  }

  /** What it was told to do before we were the one that tells it. */
  Set<String> inherited() {
    return tookOver ? working : Set.of();
  }

  /** Whether it can put a provider in the place of another: every Wattle host can. */
  boolean replacesProviders() {
    return prepared != null;
  }

  /** How a host names its work on a component or provider. */
  static String work(DesiredItem.Workload workload) {
    return switch (workload.type()) {
      case COMPONENT -> "component " + workload.id();
      case PROVIDER -> "provider " + workload.id();
    };
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
   * @param unsettled whether it has yet to take or refuse what it was told last, as a link
   */
  public record RunningProvider(
      String id,
      String image,
      Map<String, String> annotations,
      List<String> conditions,
      boolean unsettled) {
    /** A provider that has taken or refused all it was told. */
    public RunningProvider(
        String id, String image, Map<String, String> annotations, List<String> conditions) {
      this(id, image, annotations, conditions, false);
    }

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

package io.wattle.controlplane.plan;

import io.wattle.controlplane.plan.ObservedHost.RunningComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The hosts of a lattice by what is asked of them for each of thousands of components, so that a
 * plan does not go through all of them each time.
 */
final class HostIndex {
  private final Map<String, ObservedHost> hosts = new TreeMap<>();
  private final Map<String, Map<String, RunningComponent>> components = new HashMap<>();
  private final Map<Map<String, String>, List<ObservedHost>> fitting = new HashMap<>();
  private final Map<String, Map<String, Attempt>> starts = new HashMap<>();
  private final Set<String> inherited = new HashSet<>();

  HostIndex(Observed observed) {
    for (ObservedHost host : observed.hosts()) {
      hosts.put(host.id(), host);
      inherited.addAll(host.inherited());
      for (RunningComponent running : host.components()) {
        components.computeIfAbsent(running.id(), id -> new TreeMap<>()).put(host.id(), running);
      }
    }
    for (Attempt attempt : observed.attempts().values()) {
      switch (attempt.action()) {
        case Action.ScaleComponent scale -> {
          if (scale.count() > 0) {
            start("component " + scale.id() + " " + scale.image(), scale.hostId(), attempt);
          }
        }
        case Action.StartProvider start ->
            start("provider " + start.id() + " " + start.image(), start.hostId(), attempt);
        case Action.StopProvider stop -> {}
        case Action.PutConfig put -> {}
        case Action.DeleteConfig delete -> {}
        case Action.PutLink put -> {}
        case Action.DeleteLink delete -> {}
      }
    }
  }

  private void start(String what, String host, Attempt attempt) {
    starts.computeIfAbsent(what, w -> new TreeMap<>()).put(host, attempt);
  }

  /** A host that is alive. */
  ObservedHost host(String id) {
    ObservedHost host = hosts.get(id);
    if (host == null) {
      throw new IllegalArgumentException("host: " + id + " (expected: one that is alive)");
    }
    return host;
  }

  boolean isAlive(String id) {
    return hosts.containsKey(id);
  }

  /** Where a component runs, by host, in the order of their ids. */
  Map<String, RunningComponent> running(String component) {
    return components.getOrDefault(component, Map.of());
  }

  /** Hosts that have the labels a share requires, in the order of their ids. */
  List<ObservedHost> fitting(Share share) {
    return fitting.computeIfAbsent(
        share.requirements(),
        labels -> {
          List<ObservedHost> found = new ArrayList<>();
          for (ObservedHost host : hosts.values()) {
            if (share.allows(host)) {
              found.add(host);
            }
          }
          return List.copyOf(found);
        });
  }

  /** The last tries to start a workload from its image, by host. */
  Map<String, Attempt> starts(DesiredItem.Workload workload) {
    return starts.getOrDefault(ObservedHost.work(workload) + " " + workload.image(), Map.of());
  }

  /** Whether any host is at work on this by an order that is not ours. */
  boolean isInherited(String work) {
    return inherited.contains(work);
  }
}

package io.wattle.controlplane.plan;

import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.Links;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Hosts, links and configs that do what actions say, by the rules of the protocol; time goes when a
 * test says so.
 */
final class SimulatedLattice {
  final Map<String, Host> hosts = new TreeMap<>();
  final Map<String, Map<String, String>> configs = new HashMap<>();
  List<Link> links = new ArrayList<>();
  final Attempts attempts = new Attempts();
  final List<Action> done = new ArrayList<>();
  Instant now = Instant.EPOCH;

  /** Which actions a host fails. */
  Predicate<Action> fails = a -> false;

  /** A host and what runs on it. */
  static final class Host {
    final Map<String, String> labels;
    final Map<String, ObservedHost.RunningComponent> components = new TreeMap<>();
    final Map<String, ObservedHost.RunningProvider> providers = new TreeMap<>();

    /** Whether it is one of ours, which can do more than the protocol says. */
    boolean wattle;

    Host(Map<String, String> labels) {
      this.labels = labels;
    }

    ObservedHost.RunningComponent component(String id) {
      return Objects.requireNonNull(components.get(id), id);
    }

    void component(String id, String image, long count, Map<String, String> annotations) {
      components.put(
          id, new ObservedHost.RunningComponent(id, image, count, annotations, List.of()));
    }

    void provider(String id, String image, Map<String, String> annotations) {
      providers.put(id, new ObservedHost.RunningProvider(id, image, annotations, List.of()));
    }
  }

  Host host(String id, String... labels) {
    Host host = new Host(Apps.labels(labels));
    hosts.put(id, host);
    return host;
  }

  Observed observe() {
    List<ObservedHost> observed = new ArrayList<>();
    hosts.forEach(
        (id, host) ->
            observed.add(
                new ObservedHost(
                    id,
                    id,
                    host.labels,
                    List.copyOf(host.components.values()),
                    List.copyOf(host.providers.values()),
                    true,
                    host.wattle ? Set.of() : null,
                    Set.of(),
                    false)));
    return new Observed(now, observed, links, configs, attempts.snapshot());
  }

  /** One round as the reconciler goes it; the actions it sent. */
  Plan round(DesiredApp... apps) {
    attempts.expire(now);
    Plan plan = Planner.plan(new Desired(List.of(apps)), observe());
    attempts.settle(plan, now);
    for (Action action : plan.actions()) {
      attempts.begin(action, now);
      if (fails.test(action)) {
        attempts.failed(action.key(), "it failed", now);
      } else {
        apply(action);
      }
      done.add(action);
    }
    return plan;
  }

  /** Rounds until nothing is to do; the last plan. */
  Plan settle(DesiredApp... apps) {
    for (int i = 0; i < 50; i++) {
      Plan plan = round(apps);
      if (plan.wanted().isEmpty()) {
        return plan;
      }
      now = now.plusSeconds(2);
    }
    throw new AssertionError("no end after 50 rounds; the last actions: " + done.reversed());
  }

  void apply(Action action) {
    switch (action) {
      case Action.PutConfig put -> configs.put(put.name(), put.values());
      case Action.DeleteConfig delete -> configs.remove(delete.name());
      case Action.StartProvider start -> {
        Host host = at(start.hostId());
        if (host.providers.containsKey(start.id()) && !(start.replace() && host.wattle)) {
          throw new AssertionError("a host refuses to start " + start.id() + " twice");
        }
        if (!configs.keySet().containsAll(start.configs())) {
          throw new AssertionError("started before its configs: " + start);
        }
        host.provider(start.id(), start.image(), start.annotations());
      }
      case Action.StopProvider stop -> {
        if (at(stop.hostId()).providers.remove(stop.id()) == null) {
          throw new AssertionError("not running: " + stop);
        }
      }
      case Action.ScaleComponent scale -> {
        Host host = at(scale.hostId());
        if (scale.count() == 0) {
          host.components.remove(scale.id());
        } else {
          host.component(scale.id(), scale.image(), scale.count(), scale.annotations());
        }
      }
      case Action.PutLink put -> {
        if (!configs.keySet().containsAll(put.link().sourceConfig())
            || !configs.keySet().containsAll(put.link().targetConfig())) {
          throw new AssertionError("linked before its configs: " + put);
        }
        switch (Links.put(links, put.link(), put.replace())) {
          case Links.Put.Stored(var after, var changed) -> links = new ArrayList<>(after);
          case Links.Put.Conflict(var existing) ->
              throw new AssertionError("in the way of " + put + ": " + existing);
        }
      }
      case Action.DeleteLink delete ->
          links = new ArrayList<>(Links.delete(links, delete.link().key()));
    }
  }

  /** A host that must be there. */
  Host at(String id) {
    Host host = hosts.get(id);
    if (host == null) {
      throw new AssertionError("no host " + id);
    }
    return host;
  }

  Map<String, Long> counts(String component) {
    Map<String, Long> counts = new TreeMap<>();
    hosts.forEach(
        (id, host) -> {
          if (host.components.containsKey(component)) {
            counts.put(id, host.component(component).instances());
          }
        });
    return counts;
  }
}

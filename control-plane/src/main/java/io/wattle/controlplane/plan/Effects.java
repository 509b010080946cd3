package io.wattle.controlplane.plan;

import io.wattle.lattice.link.Links;
import java.util.Map;

/** Whether what an action does can be seen. */
final class Effects {
  private Effects() {}

  static boolean seen(Action action, Observed observed) {
    return switch (action) {
      case Action.PutConfig put -> put.values().equals(observed.configs().get(put.name()));
      case Action.DeleteConfig delete -> !observed.configs().containsKey(delete.name());
      case Action.StartProvider start ->
          observed.hosts().stream()
              .filter(h -> h.id().equals(start.hostId()))
              .flatMap(h -> h.provider(start.id()).stream())
              .anyMatch(p -> sameScaler(p.annotations(), start.annotations()));
      case Action.StopProvider stop ->
          observed.hosts().stream()
              .noneMatch(h -> h.id().equals(stop.hostId()) && h.provider(stop.id()).isPresent());
      case Action.ScaleComponent scale -> {
        long count =
            observed.hosts().stream()
                .filter(h -> h.id().equals(scale.hostId()))
                .flatMap(h -> h.component(scale.id()).stream())
                .filter(c -> scale.count() == 0 || sameScaler(c.annotations(), scale.annotations()))
                .mapToLong(ObservedHost.RunningComponent::instances)
                .sum();
        yield count == scale.count();
      }
      case Action.PutLink put ->
          observed.links().stream()
              .anyMatch(l -> Links.same(l, put.link()) && LinkPlanner.same(l, put.link()));
      case Action.DeleteLink delete ->
          observed.links().stream().noneMatch(l -> LinkId.of(l).equals(delete.link()));
    };
  }

  private static boolean sameScaler(Map<String, String> a, Map<String, String> b) {
    return a.getOrDefault(Annotations.SCALER, "").equals(b.getOrDefault(Annotations.SCALER, ""));
  }
}

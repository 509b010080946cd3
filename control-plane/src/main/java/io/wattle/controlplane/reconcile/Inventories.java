package io.wattle.controlplane.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.controlplane.plan.ObservedHost;
import io.wattle.controlplane.plan.ObservedHost.RunningComponent;
import io.wattle.controlplane.plan.ObservedHost.RunningProvider;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.ProviderDescription;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * What a host says of itself, as the planner wants it; our own hosts' extra fields become
 * conditions.
 */
final class Inventories {
  private Inventories() {}

  /**
   * A host.
   *
   * @param responsive whether it answered when it was asked last
   * @param tookOver whether its work may be by order of another control plane
   * @param sick whether a provider (host id, provider id) failed its last health check
   */
  static ObservedHost host(
      HostInventory inventory,
      boolean responsive,
      boolean tookOver,
      BiPredicate<String, String> sick) {
    JsonNode prepared = inventory.extra().get(HostInventory.PREPARED);
    JsonNode tasks = inventory.extra().get(HostInventory.WORKING);
    Set<String> working = tasks == null ? Set.of() : texts(tasks);
    return new ObservedHost(
        inventory.hostId(),
        inventory.friendlyName(),
        inventory.labels(),
        inventory.components().stream().map(Inventories::component).toList(),
        inventory.providers().stream()
            .map(
                p ->
                    provider(
                        p,
                        sick.test(inventory.hostId(), p.id()),
                        working.contains("provider " + p.id())))
            .toList(),
        responsive,
        prepared == null ? null : texts(prepared),
        working,
        tookOver);
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new HashSet<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static RunningComponent component(ComponentDescription c) {
    List<String> conditions = new ArrayList<>();
    JsonNode missing = c.extra().get("wattle_missing_links");
    if (missing != null) {
      missing.forEach(
          name ->
              conditions.add(
                  "import %s of %s leads nowhere: link it to a component or provider that serves it"
                      .formatted(name.asText(), c.id())));
    }
    return new RunningComponent(
        c.id(), c.imageRef(), c.maxInstances(), c.annotations(), conditions);
  }

  private static RunningProvider provider(ProviderDescription p, boolean sick, boolean unsettled) {
    List<String> conditions = new ArrayList<>();
    if (sick) {
      conditions.add("provider " + p.id() + " failed its health check");
    }
    JsonNode problem = p.extra().get("wattle_problem");
    if (problem != null && !problem.asText().isEmpty()) {
      conditions.add(problem.asText());
    }
    JsonNode errors = p.extra().get("wattle_link_errors");
    if (errors != null) {
      errors.forEach(e -> conditions.add(e.path("error").asText(e.toString())));
    }
    String image = p.imageRef();
    return new RunningProvider(
        p.id(), image == null ? "" : image, p.annotations(), conditions, unsettled);
  }
}

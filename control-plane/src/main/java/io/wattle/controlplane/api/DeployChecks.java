package io.wattle.controlplane.api;

import io.wattle.controlplane.manifest.Manifest;
import io.wattle.controlplane.store.AppRecord;
import io.wattle.controlplane.store.AppStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What speaks against deploying a manifest beside those that are deployed (control plane reference,
 * section 3.3).
 */
final class DeployChecks {
  private final AppStore store;

  DeployChecks(AppStore store) {
    this.store = store;
  }

  /** Why it cannot be deployed. */
  Optional<String> refuse(String lattice, Manifest manifest) throws InterruptedException {
    Map<String, Manifest> others = deployed(lattice);
    others.remove(manifest.name());
    for (Manifest.Component component : manifest.components()) {
      String id = component.properties().id();
      for (Manifest other : others.values()) {
        if (id != null
            && component.properties().application() == null
            && other.components().stream()
                .anyMatch(
                    c -> id.equals(c.properties().id()) && c.properties().application() == null)) {
          return Optional.of(
              "Component identifier '%s' is already deployed in a different application '%s'."
                  .formatted(id, other.name()));
        }
      }
    }
    List<String> missing = missing(others, manifest);
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Application contains shared components that are not deployed in other applications: "
                + quoted(missing));
  }

  /** The names of components that refer to what no deployed, shared application has. */
  List<String> missing(String lattice, Manifest manifest) throws InterruptedException {
    if (manifest.components().stream().allMatch(c -> c.properties().application() == null)) {
      return List.of();
    }
    Map<String, Manifest> others = deployed(lattice);
    others.remove(manifest.name());
    return missing(others, manifest);
  }

  private static List<String> missing(Map<String, Manifest> others, Manifest manifest) {
    List<String> missing = new ArrayList<>();
    for (Manifest.Component component : manifest.components()) {
      Manifest.SharedApplication shared = component.properties().application();
      if (shared != null) {
        Manifest other = others.get(shared.name());
        Manifest.Component found = other == null ? null : other.component(shared.component());
        if (other == null || !other.shared() || found == null || found.type() != component.type()) {
          missing.add(component.name());
        }
      }
    }
    return missing;
  }

  static String quoted(List<String> names) {
    return names.stream().map(n -> "\"" + n + "\"").collect(Collectors.joining(", ", "[", "]"));
  }

  private Map<String, Manifest> deployed(String lattice) throws InterruptedException {
    Map<String, Manifest> result = new LinkedHashMap<>();
    for (AppRecord app : store.apps(lattice)) {
      AppRecord.Version version =
          app.deployed() == null ? null : app.version(app.deployed()).orElse(null);
      if (version != null) {
        result.put(app.name(), store.manifest(lattice, app.name(), version).manifest());
      }
    }
    return result;
  }
}

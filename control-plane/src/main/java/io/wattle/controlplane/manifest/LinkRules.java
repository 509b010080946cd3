package io.wattle.controlplane.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rules 7, 8, 11, 22 and 23: whom links point at, by which interfaces, and with which
 * configurations.
 */
final class LinkRules {
  /** Interfaces wadm knows, by namespace and package: what is not here is probably misspelt. */
  private static final Map<String, Map<String, Set<String>>> KNOWN =
      Map.of(
          "wrpc",
          Map.of(
              "blobstore", Set.of("blobstore"),
              "keyvalue", Set.of("atomics", "store"),
              "http", Set.of("incoming-handler", "outgoing-handler")),
          "wasi",
          Map.of(
              "blobstore", Set.of("blobstore"),
              "config", Set.of("runtime", "store"),
              "keyvalue", Set.of("atomics", "store", "batch", "watch"),
              "http", Set.of("incoming-handler", "outgoing-handler"),
              "logging", Set.of("logging")),
          "wasmcloud",
          Map.of("messaging", Set.of("consumer", "handler")));

  private final Manifest manifest;
  private final List<Problem> problems;
  private final Set<String> names;

  LinkRules(Manifest manifest, List<Problem> problems) {
    this.manifest = manifest;
    this.problems = problems;
    this.names =
        manifest.components().stream()
            .map(Manifest.Component::name)
            .collect(Collectors.toUnmodifiableSet());
  }

  void check() {
    targets();
    for (Manifest.Component component : manifest.components()) {
      ManifestParts.links(component)
          .filter(l -> l.type().equals("link"))
          .forEach(l -> interfaces(l.link()));
      twice(component);
    }
    configNames();
  }

  private void targets() {
    Set<String> missing = new LinkedHashSet<>();
    List<Manifest.Link> links = new ArrayList<>();
    for (Manifest.Component component : manifest.components()) {
      ManifestParts.links(component)
          .map(Manifest.LinkTrait::link)
          .filter(link -> !names.contains(link.target()))
          .forEach(
              link -> {
                missing.add(link.target());
                links.add(link);
              });
    }
    String combined =
        "The following capability component(s) are missing from the manifest: ["
            + missing.stream().map(t -> "\"" + t + "\"").collect(Collectors.joining(", "))
            + "]";
    for (Manifest.Link link : links) {
      String near = Nearest.to(link.target(), names);
      Problem problem =
          link.target().isEmpty()
              ? Problem.error(7, link.place().field("target", link.place().at()), "missing")
              : Problem.error(
                  7, link.place().field("target", link.place().at()), "no component has that name");
      problems.add(
          problem
              .expected(
                  "one of " + String.join(", ", names.stream().sorted().toList()),
                  link.target().isEmpty() ? "nothing" : link.target())
              .hint(near == null ? null : "did you mean \"" + near + "\"?")
              .wadm(7, combined));
    }
  }

  private void interfaces(Manifest.Link link) {
    Map<String, Set<String>> packages = KNOWN.get(link.namespace());
    if (packages == null) {
      return;
    }
    for (String name : link.interfaces()) {
      if (!packages.getOrDefault(link.witPackage(), Set.of()).contains(name)) {
        String message =
            "unrecognized interface [%s:%s/%s]"
                .formatted(link.namespace(), link.witPackage(), name);
        String near = Nearest.to(name, packages.getOrDefault(link.witPackage(), packages.keySet()));
        problems.add(
            Problem.warning(8, link.place(), message)
                .hint(near == null ? null : "did you mean \"" + near + "\"?"));
      }
    }
  }

  private void twice(Manifest.Component component) {
    Set<String> seen = new HashSet<>();
    ManifestParts.links(component)
        .filter(l -> l.type().equals("link"))
        .map(Manifest.LinkTrait::link)
        .forEach(
            link -> {
              for (String name : new LinkedHashSet<>(link.interfaces())) {
                String full =
                    "%s (%s:%s/%s)"
                        .formatted(link.name(), link.namespace(), link.witPackage(), name);
                if (!seen.add(full)) {
                  String message =
                      "Duplicate link found inside component '%s': %s"
                          .formatted(component.name(), full);
                  problems.add(
                      Problem.error(22, link.place(), message)
                          .hint("give one of the links a name of its own")
                          .wadm(22, message));
                }
              }
            });
  }

  private void configNames() {
    Map<String, Place> seen = new HashMap<>();
    manifest.components().stream()
        .flatMap(ManifestParts::links)
        .flatMap(l -> ManifestParts.linkConfigs(l.link()))
        .filter(config -> config.properties() != null)
        .forEach(
            config -> {
              Place before = seen.putIfAbsent(config.name(), config.place());
              if (before != null) {
                String message = "Duplicate link config name found: '" + config.name() + "'";
                problems.add(
                    Problem.error(23, config.place(), message)
                        .hint("the other one is at " + before.path() + " (" + before.at() + ")")
                        .wadm(23, message));
              }
            });
  }
}

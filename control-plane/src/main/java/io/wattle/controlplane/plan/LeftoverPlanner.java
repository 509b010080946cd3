package io.wattle.controlplane.plan;

import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import io.wattle.lattice.link.Links;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Removes what an application owns and does not want: links first, configurations last. */
final class LeftoverPlanner {
  private final DesiredApp app;
  private final Steps steps;
  private final LinkIndex wantedLinks;
  private final Set<String> wantedConfigs;
  private final List<String> failures = new ArrayList<>();
  private int components;
  private int providers;
  private int links;
  private int configs;

  /**
   * @param wantedLinks links any application wants
   * @param wantedConfigs configurations any application puts
   */
  LeftoverPlanner(DesiredApp app, Steps steps, LinkIndex wantedLinks, Set<String> wantedConfigs) {
    this.app = app;
    this.steps = steps;
    this.wantedLinks = wantedLinks;
    this.wantedConfigs = wantedConfigs;
  }

  void links() {
    app.leftovers().links().stream()
        .flatMap(
            id -> steps.links().at(id.key()).stream().filter(link -> LinkId.of(link).equals(id)))
        .filter(this::isLeft)
        .sorted(Comparator.comparing(link -> LinkId.of(link).toString()))
        .forEach(
            link -> {
              links++;
              if (!isSwapped(link)) {
                note(
                    "link to " + link.target(),
                    steps.take(new Action.DeleteLink(app.name(), LinkId.of(link))));
              }
            });
  }

  private boolean isLeft(Link link) {
    return app.leftovers().links().contains(LinkId.of(link))
        && wantedLinks.at(LinkKey.of(link)).stream().noneMatch(wanted -> Links.same(wanted, link));
  }

  /**
   * Whether the put of a wanted link takes this one's place: a delete, which names no target, would
   * leave a gap or hit the new one. Where a host refuses such a put, the old one is deleted first.
   */
  private boolean isSwapped(Link old) {
    return wantedLinks.at(LinkKey.of(old)).stream()
        .anyMatch(
            wanted ->
                Links.conflicts(old, wanted)
                    && !steps.hasFailed(Action.linkKey(LinkId.of(wanted))));
  }

  /** Stops components and providers of the application that have no place in it. */
  void workloads(Set<String> wantedComponents, Set<String> wantedProviders) {
    for (ObservedHost host : steps.observed().hosts()) {
      for (ObservedHost.RunningComponent running : host.components()) {
        if (Annotations.owns(app.name(), running.annotations())
            && !wantedComponents.contains(running.id())) {
          components++;
          note(
              "host " + host.label(), steps.take(ComponentPlanner.stop(app.name(), host, running)));
        }
      }
      for (ObservedHost.RunningProvider running : host.providers()) {
        if (Annotations.owns(app.name(), running.annotations())
            && !wantedProviders.contains(running.id())) {
          providers++;
          if (isTarget(running.id())) {
            continue;
          }
          note(
              "host " + host.label(),
              steps.take(new Action.StopProvider(app.name(), host.id(), running.id())));
        }
      }
    }
  }

  /** Whether a link that is to go leads to it still: what is called stops last. */
  private boolean isTarget(String provider) {
    return steps.links().to(provider).stream().anyMatch(this::isLeft);
  }

  /**
   * Removes configurations nobody needs any more.
   *
   * @param settled whether everything else of the application is as wanted, so that nothing uses
   *     them
   */
  void configs(boolean settled) {
    for (String name : new TreeSet<>(app.leftovers().configs())) {
      if (steps.observed().configs().containsKey(name) && !wantedConfigs.contains(name)) {
        configs++;
        if (settled && components + providers + links == 0) {
          note("configuration " + name, steps.take(new Action.DeleteConfig(app.name(), name)));
        }
      }
    }
  }

  private void note(String where, @Nullable String error) {
    if (error != null) {
      failures.add(where + ": " + error);
    }
  }

  boolean clean() {
    return components + providers + links + configs == 0;
  }

  List<String> failures() {
    return failures;
  }

  String left() {
    return "removing %d component(s), %d provider(s), %d link(s), %d config(s)"
        .formatted(components, providers, links, configs);
  }
}

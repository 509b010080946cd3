package io.wattle.benchmarks;

import io.wattle.controlplane.manifest.Format;
import io.wattle.controlplane.manifest.ManifestParser;
import io.wattle.controlplane.manifest.ParsedManifest;
import io.wattle.controlplane.plan.Action;
import io.wattle.controlplane.plan.Applications;
import io.wattle.controlplane.plan.Desired;
import io.wattle.controlplane.plan.DesiredApp;
import io.wattle.controlplane.plan.Observed;
import io.wattle.controlplane.plan.ObservedHost;
import io.wattle.controlplane.plan.ObservedHost.RunningComponent;
import io.wattle.controlplane.plan.Plan;
import io.wattle.controlplane.plan.Planner;
import io.wattle.lattice.link.Link;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long the control plane thinks about a large lattice. */
final class PlannerFigures {
  private static final int HOSTS = 1_000;
  private static final int APPS = 100;
  private static final int COMPONENTS = 100;
  private static final int ROUNDS = 7;

  private PlannerFigures() {}

  static List<Figure> measure() {
    Desired desired = desired();
    List<ObservedHost> empty = new ArrayList<>();
    for (int i = 0; i < HOSTS; i++) {
      empty.add(host(i, List.of()));
    }
    Plan[] first = new Plan[1];
    long deploying = median(() -> first[0] = Planner.plan(desired, observed(empty, List.of())));
    List<ObservedHost> settled = after(first[0]);
    List<Link> links = links(first[0]);
    Plan[] second = new Plan[1];
    long settling = median(() -> second[0] = Planner.plan(desired, observed(settled, links)));
    Plan[] third = new Plan[1];
    long repairing =
        median(
            () ->
                third[0] =
                    Planner.plan(desired, observed(settled.subList(1, settled.size()), links)));
    String how =
        "%,d hosts, %,d components, as many links, median of %d"
            .formatted(HOSTS, APPS * COMPONENTS, ROUNDS);
    return List.of(
        figure("plan of a lattice that is as wanted", settling, second[0], how),
        figure("plan after one host was lost", repairing, third[0], how),
        figure("plan of everything on empty hosts", deploying, first[0], how));
  }

  private static Figure figure(String name, long nanos, Plan plan, String how) {
    return new Figure(name, Figure.time(nanos), "", plan.actions().size() + " actions; " + how);
  }

  private static long median(Runnable plan) {
    long[] times = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      plan.run();
      times[i] = System.nanoTime() - start;
    }
    Arrays.sort(times);
    return times[ROUNDS / 2];
  }

  private static Desired desired() {
    List<DesiredApp> apps = new ArrayList<>();
    for (int app = 0; app < APPS; app++) {
      StringBuilder yaml =
          new StringBuilder(
              """
              apiVersion: core.oam.dev/v1beta1
              kind: Application
              metadata: {name: app%d, annotations: {version: v1}}
              spec:
                components:
              """
                  .formatted(app));
      for (int c = 0; c < COMPONENTS; c++) {
        yaml.append(
            """
                - name: c%d
                  type: component
                  properties: {image: "file:///c.wasm"}
                  traits:
                    - {type: spreadscaler, properties: {instances: 2, spread: [{name: z, requirements: {zone: z%d}}]}}
                    - {type: link, properties: {target: c%d, namespace: a, package: b, interfaces: [c]}}
            """
                .formatted(c, c % 10, (c + 1) % COMPONENTS));
      }
      switch (ManifestParser.parse(yaml.toString(), Format.YAML)) {
        case ParsedManifest.Accepted accepted ->
            apps.add(Applications.of(accepted.manifest(), "v1", 1, DesiredApp.Leftovers.NONE));
        case ParsedManifest.Rejected rejected ->
            throw new IllegalStateException(rejected.problems().toString());
      }
    }
    return new Desired(apps);
  }

  private static ObservedHost host(int number, List<RunningComponent> components) {
    String id = "host-%04d".formatted(number);
    return new ObservedHost(id, id, Map.of("zone", "z" + number % 10), components, List.of());
  }

  private static Observed observed(List<ObservedHost> hosts, List<Link> links) {
    return new Observed(Instant.EPOCH, hosts, links, Map.of(), Map.of());
  }

  /** The links after they were put as the plan says. */
  private static List<Link> links(Plan plan) {
    return plan.actions().stream()
        .filter(Action.PutLink.class::isInstance)
        .map(action -> ((Action.PutLink) action).link())
        .toList();
  }

  /** The hosts after they did what the plan says. */
  private static List<ObservedHost> after(Plan plan) {
    Map<String, List<RunningComponent>> running = new HashMap<>();
    for (Action action : plan.actions()) {
      if (action instanceof Action.ScaleComponent scale) {
        running
            .computeIfAbsent(scale.hostId(), h -> new ArrayList<>())
            .add(
                new RunningComponent(
                    scale.id(), scale.image(), scale.count(), scale.annotations(), List.of()));
      }
    }
    List<ObservedHost> hosts = new ArrayList<>();
    for (int i = 0; i < HOSTS; i++) {
      hosts.add(host(i, running.getOrDefault("host-%04d".formatted(i), List.of())));
    }
    return hosts;
  }
}

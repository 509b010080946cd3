package io.wattle.controlplane.plan;

import io.wattle.lattice.link.Link;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * From what is wanted and what is seen to what to do. The same input gives the same plan; the plan
 * of a lattice that is as wanted is empty; nothing is touched that does not carry an application's
 * annotations or was not put by it.
 */
public final class Planner {
  private Planner() {}

  /** Plans all applications of a lattice. */
  public static Plan plan(Desired desired, Observed observed) {
    Steps steps = new Steps(observed);
    List<Link> wantedLinks = new ArrayList<>();
    Set<String> wantedConfigs = new HashSet<>();
    Set<LinkId> leftLinks = new HashSet<>();
    for (DesiredApp app : desired.apps()) {
      wantedLinks.addAll(links(app));
      wantedConfigs.addAll(app.configs().keySet());
      app.items().forEach(item -> wantedConfigs.addAll(configs(item)));
      leftLinks.addAll(app.leftovers().links());
    }
    wantedLinks.forEach(link -> leftLinks.remove(LinkId.of(link)));
    LinkIndex wanted = new LinkIndex(wantedLinks);
    List<AppStatus> statuses = new ArrayList<>();
    desired.apps().stream()
        .sorted(Comparator.comparing(DesiredApp::name))
        .forEach(
            app ->
                statuses.add(
                    new AppPlanner(
                            app,
                            steps,
                            new LinkPlanner(app.name(), steps, leftLinks),
                            new LeftoverPlanner(app, steps, wanted, wantedConfigs))
                        .plan()));
    return steps.plan(statuses);
  }

  private static List<Link> links(DesiredApp app) {
    return app.items().stream()
        .filter(DesiredItem.Wire.class::isInstance)
        .map(item -> ((DesiredItem.Wire) item).link())
        .toList();
  }

  private static List<String> configs(DesiredItem item) {
    return switch (item) {
      case DesiredItem.Workload workload -> workload.configs();
      case DesiredItem.Idle idle -> List.of();
      case DesiredItem.Wire wire -> {
        List<String> names = new ArrayList<>(wire.link().sourceConfig());
        names.addAll(wire.link().targetConfig());
        yield names;
      }
    };
  }
}

package io.wattle.controlplane.plan;

import io.wattle.controlplane.plan.ObservedHost.RunningComponent;
import io.wattle.controlplane.plan.Placement.Assigned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Brings one component of one application to its hosts. */
final class ComponentPlanner {
  private final String app;
  private final DesiredItem.Workload wanted;
  private final Steps steps;
  private final Findings findings;
  private final boolean mayStart;
  private int changing;
  private long actual;

  /**
   * @param mayStart whether its configurations are there
   */
  ComponentPlanner(
      String app, DesiredItem.Workload wanted, Steps steps, Findings findings, boolean mayStart) {
    this.app = app;
    this.wanted = wanted;
    this.steps = steps;
    this.findings = findings;
    this.mayStart = mayStart;
  }

  ItemStatus plan() {
    List<ObservedHost> usable = new ArrayList<>();
    for (ObservedHost host : steps.observed().hosts()) {
      RunningComponent running = host.component(wanted.id()).orElse(null);
      if (running == null || Annotations.owns(app, running.annotations())) {
        usable.add(host);
      }
    }
    Map<String, Assigned> target =
        switch (wanted.scaler()) {
          case SPREAD -> spread(usable);
          case DAEMON -> everywhere(usable);
        };
    for (ObservedHost host : usable) {
      bring(host, target.get(host.id()));
      String refusal = steps.refusal(wanted, host);
      if (refusal != null && !target.containsKey(host.id())) {
        findings.remark(host, "left out after " + refusal);
      }
    }
    if (changing > 0) {
      findings.work("Scaling component on " + changing + " host(s)");
    } else if (actual > 0) {
      usable.stream().filter(this::mayRunHere).forEach(h -> steps.prepare(h, wanted.image()));
    }
    return new ItemStatus(
        wanted.scalerId(),
        wanted.scaler().wire(),
        wanted.name(),
        ItemStatus.Subject.COMPONENT,
        findings.type(),
        findings.message(),
        wantedCount(usable),
        actual);
  }

  /** Whether it does not run here, and may have to when another host is lost. */
  private boolean mayRunHere(ObservedHost host) {
    return host.component(wanted.id()).isEmpty()
        && wanted.shares().stream().anyMatch(s -> s.instances() > 0 && s.allows(host));
  }

  private long wantedCount(List<ObservedHost> usable) {
    return switch (wanted.scaler()) {
      case SPREAD -> wanted.shares().stream().mapToLong(Share::instances).sum();
      case DAEMON ->
          usable.stream()
              .flatMap(h -> wanted.shares().stream().filter(s -> s.allows(h)).limit(1))
              .mapToLong(Share::instances)
              .sum();
    };
  }

  private Map<String, Assigned> spread(List<ObservedHost> usable) {
    Placement placement =
        new Placement(
            wanted.shares(), usable, h -> steps.load(h.id()), h -> steps.shuns(wanted, h));
    for (ObservedHost host : usable) {
      host.component(wanted.id())
          .ifPresent(
              c -> placement.running(host, c.instances(), c.annotations().get(Annotations.SPREAD)));
    }
    Map<String, Assigned> target = placement.place();
    placement.homeless().forEach(share -> noHost(share, usable));
    for (Share share : placement.crowdedOut()) {
      findings.failure(
          ("Spread requirement conflict: %s spread requires %d instances vs 0 computed from"
                  + " reconciliation commands: its hosts serve other spreads of this component")
              .formatted(share.name(), share.instances()));
    }
    List<String> idle = placement.idle().stream().map(ObservedHost::label).distinct().toList();
    if (!idle.isEmpty()) {
      findings.remark(
          "host(s) %s would fit too; what runs stays where it is until a host is lost or the number of instances changes"
              .formatted(String.join(", ", idle)));
    }
    return target;
  }

  private Map<String, Assigned> everywhere(List<ObservedHost> usable) {
    Map<String, Assigned> target = new TreeMap<>();
    for (Share share : wanted.shares()) {
      List<ObservedHost> fitting = usable.stream().filter(share::allows).toList();
      fitting.forEach(h -> target.putIfAbsent(h.id(), new Assigned(share, share.instances())));
      if (fitting.isEmpty() && share.instances() > 0) {
        noHost(share, usable);
      }
    }
    return target;
  }

  private void noHost(Share share, List<ObservedHost> usable) {
    List<ObservedHost> all = steps.observed().hosts();
    if (all.isEmpty()) {
      return;
    }
    all.stream()
        .filter(h -> share.allows(h) && !usable.contains(h))
        .findFirst()
        .ifPresentOrElse(
            host ->
                findings.failure(
                    "component %s runs on host %s, started by somebody else; stop it there or use another id"
                        .formatted(wanted.id(), host.label())),
            () ->
                findings.failure(
                    "Could not satisfy spread %s for %s, 0/1 eligible hosts found. %s"
                        .formatted(share.name(), wanted.image(), missing(share, all))));
  }

  /** Which labels nobody has. */
  static String missing(Share share, List<ObservedHost> hosts) {
    return "No host of %d has the label(s) %s."
        .formatted(
            hosts.size(),
            String.join(
                ", ",
                new TreeMap<>(share.requirements())
                    .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList()));
  }

  private void bring(ObservedHost host, @Nullable Assigned target) {
    RunningComponent running = host.component(wanted.id()).orElse(null);
    long count = target == null ? 0 : target.count();
    if (running == null) {
      if (count > 0 && target != null) {
        steps.place(host.id());
        scale(host, target, false);
      }
      return;
    }
    // An import without a link fails only the calls that use it, and many a component has one that
    // is never used: no reason to call the deployment a failure.
    running.conditions().forEach(c -> findings.remark(host, c));
    if (count == 0 || target == null) {
      changing++;
      findings.failureOn(host, steps.take(stop(app, host, running)));
      return;
    }
    boolean current =
        running.image().equals(wanted.image())
            && wanted.scalerId().equals(running.annotations().get(Annotations.SCALER));
    if (current) {
      actual += Math.min(running.instances(), count);
    }
    if (!current
        || running.instances() != count
        || !target.share().name().equals(running.annotations().get(Annotations.SPREAD))) {
      scale(host, target, !running.image().equals(wanted.image()));
    }
  }

  private void scale(ObservedHost host, Assigned target, boolean update) {
    changing++;
    if (!mayStart) {
      return;
    }
    findings.failureOn(
        host,
        steps.take(
            new Action.ScaleComponent(
                app,
                host.id(),
                wanted.id(),
                wanted.image(),
                target.count(),
                wanted.configs(),
                Annotations.of(app, wanted.scalerId(), target.share().name()),
                update)));
  }

  /** The action that stops a component of this application. */
  static Action stop(String app, ObservedHost host, RunningComponent running) {
    return new Action.ScaleComponent(
        app,
        host.id(),
        running.id(),
        running.image(),
        0,
        List.of(),
        Map.of(Annotations.MANAGED_BY, Annotations.MANAGER, Annotations.APPLICATION, app),
        false);
  }
}

package io.wattle.controlplane.plan;

import io.wattle.controlplane.plan.ObservedHost.RunningComponent;
import io.wattle.controlplane.plan.Placement.Assigned;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Brings one component of one application to its hosts. */
final class ComponentPlanner {
  private final String app;
  private final DesiredItem.Workload wanted;
  private final Steps steps;
  private final Findings findings;
  private final boolean mayStart;

  /** Where it runs, by host. */
  private final Map<String, RunningComponent> running;

  /** Hosts where somebody else started it. */
  private final Set<String> foreign = new HashSet<>();

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
    this.running = steps.index().running(wanted.id());
    running.forEach(
        (host, c) -> {
          if (!Annotations.owns(app, c.annotations())) {
            foreign.add(host);
          }
        });
  }

  ItemStatus plan() {
    Map<String, Assigned> target =
        switch (wanted.scaler()) {
          case SPREAD -> spread();
          case DAEMON -> everywhere();
        };
    Set<String> concerned = new TreeSet<>(target.keySet());
    running.keySet().stream().filter(id -> !foreign.contains(id)).forEach(concerned::add);
    concerned.forEach(id -> bring(steps.index().host(id), target.get(id)));
    steps
        .refusals(wanted)
        .forEach(
            (host, why) -> {
              if (!target.containsKey(host)) {
                findings.remark(steps.index().host(host), "left out after " + why);
              }
            });
    if (changing > 0) {
      findings.work("Scaling component on " + changing + " host(s)");
    } else if (actual > 0) {
      prepareOthers();
    }
    return new ItemStatus(
        wanted.scalerId(),
        wanted.scaler().wire(),
        wanted.name(),
        ItemStatus.Subject.COMPONENT,
        findings.type(),
        findings.message(),
        wantedCount(target),
        actual);
  }

  /** Where it does not run, and may have to when another host is lost. */
  private void prepareOthers() {
    for (Share share : wanted.shares()) {
      if (share.instances() > 0) {
        for (ObservedHost host : steps.index().fitting(share)) {
          if (!running.containsKey(host.id())) {
            steps.prepare(host, wanted.image());
          }
        }
      }
    }
  }

  private long wantedCount(Map<String, Assigned> target) {
    return switch (wanted.scaler()) {
      case SPREAD -> wanted.shares().stream().mapToLong(Share::instances).sum();
      case DAEMON -> target.values().stream().mapToLong(Assigned::count).sum();
    };
  }

  /** Hosts that fit, without those where somebody else runs it. */
  private List<ObservedHost> eligible(Share share) {
    List<ObservedHost> fitting = steps.index().fitting(share);
    return foreign.isEmpty()
        ? fitting
        : fitting.stream().filter(h -> !foreign.contains(h.id())).toList();
  }

  private Map<String, Assigned> spread() {
    Placement placement =
        new Placement(
            wanted.shares(), this::eligible, h -> steps.load(h.id()), steps.shunned(wanted));
    running.forEach(
        (id, c) -> {
          if (!foreign.contains(id)) {
            placement.running(
                steps.index().host(id), c.instances(), c.annotations().get(Annotations.SPREAD));
          }
        });
    Map<String, Assigned> target = placement.place();
    placement.homeless().forEach(this::noHost);
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

  private Map<String, Assigned> everywhere() {
    Map<String, Assigned> target = new TreeMap<>();
    for (Share share : wanted.shares()) {
      List<ObservedHost> fitting = eligible(share);
      fitting.forEach(h -> target.putIfAbsent(h.id(), new Assigned(share, share.instances())));
      if (fitting.isEmpty() && share.instances() > 0) {
        noHost(share);
      }
    }
    return target;
  }

  private void noHost(Share share) {
    if (steps.observed().hosts().isEmpty()) {
      return;
    }
    steps.index().fitting(share).stream()
        .findFirst()
        .ifPresentOrElse(
            host ->
                findings.failure(
                    "component %s runs on host %s, started by somebody else; stop it there or use another id"
                        .formatted(wanted.id(), host.label())),
            () -> findings.noHost(wanted, share, steps.observed().hosts()));
  }

  private void bring(ObservedHost host, @Nullable Assigned target) {
    RunningComponent here = running.get(host.id());
    long count = target == null ? 0 : target.count();
    if (here == null) {
      if (count > 0 && target != null) {
        steps.place(host.id());
        scale(host, target, false);
      }
      return;
    }
    // An import without a link fails only the calls that use it, and many a component has one that
    // is never used: no reason to call the deployment a failure.
    here.conditions().forEach(c -> findings.remark(host, c));
    if (count == 0 || target == null) {
      changing++;
      findings.failureOn(host, steps.take(stop(app, host, here)));
      return;
    }
    boolean current =
        here.image().equals(wanted.image())
            && wanted.scalerId().equals(here.annotations().get(Annotations.SCALER));
    if (current) {
      actual += Math.min(here.instances(), count);
    }
    if (!current
        || here.instances() != count
        || !target.share().name().equals(here.annotations().get(Annotations.SPREAD))) {
      scale(host, target, !here.image().equals(wanted.image()));
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

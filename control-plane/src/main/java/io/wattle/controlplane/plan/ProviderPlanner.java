package io.wattle.controlplane.plan;

import io.wattle.controlplane.plan.ObservedHost.RunningProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Brings one provider of one application to its hosts; a host runs an id once. */
final class ProviderPlanner {
  private final String app;
  private final DesiredItem.Workload wanted;
  private final Steps steps;
  private final Findings findings;
  private final boolean mayStart;
  private final Set<String> used = new HashSet<>();
  private int changing;
  private int unwell;
  private long total;
  private long actual;

  ProviderPlanner(
      String app, DesiredItem.Workload wanted, Steps steps, Findings findings, boolean mayStart) {
    this.app = app;
    this.wanted = wanted;
    this.steps = steps;
    this.findings = findings;
    this.mayStart = mayStart;
  }

  ItemStatus plan() {
    List<ObservedHost> hosts = steps.observed().hosts();
    List<Share> narrowest =
        wanted.shares().stream()
            .sorted(Comparator.comparingLong(s -> hosts.stream().filter(s::allows).count()))
            .toList();
    narrowest.forEach(this::serve);
    boolean moving = (actual < total && changing > 0) || unwell > 0;
    for (ObservedHost host : hosts) {
      RunningProvider running = host.provider(wanted.id()).orElse(null);
      if (running != null && mine(running) && !used.contains(host.id())) {
        if (moving) {
          changing++; // it serves until the others do
        } else {
          stop(host);
        }
      }
    }
    steps
        .refusals(wanted)
        .forEach(
            (host, why) -> {
              if (!used.contains(host)) {
                findings.remark(steps.index().host(host), "left out after " + why);
              }
            });
    if (changing > 0) {
      findings.work("Scaling provider on " + changing + " host(s)");
    }
    return new ItemStatus(
        wanted.scalerId(),
        wanted.scaler().wire(),
        wanted.name(),
        ItemStatus.Subject.PROVIDER,
        findings.type(),
        findings.message(),
        total,
        actual);
  }

  private boolean mine(RunningProvider running) {
    return Annotations.owns(app, running.annotations());
  }

  private void serve(Share share) {
    List<ObservedHost> eligible =
        steps.observed().hosts().stream()
            .filter(h -> share.allows(h) && !used.contains(h.id()))
            .sorted(byPreference(share))
            .toList();
    long count =
        switch (wanted.scaler()) {
          case SPREAD -> share.instances();
          case DAEMON -> share.instances() > 0 ? eligible.size() : 0;
        };
    total += count;
    List<ObservedHost> chosen = new ArrayList<>();
    for (ObservedHost host : eligible) {
      if (chosen.size() < count) {
        chosen.add(host);
        used.add(host.id());
      }
    }
    long served = chosen.stream().filter(h -> run(h, share)).count();
    if (chosen.size() < count && !steps.observed().hosts().isEmpty()) {
      findings.failure(
          "Could not satisfy spread %s for %s, %d/%d eligible hosts found. %s"
              .formatted(
                  share.name(),
                  wanted.image(),
                  served,
                  count,
                  eligible.isEmpty() && !share.requirements().isEmpty()
                      ? share.missing(steps.observed().hosts())
                      : "A host runs a provider once."));
    }
    if (wanted.scaler() == DesiredItem.ScalerType.DAEMON
        && share.instances() > 0
        && steps.observed().hosts().stream().noneMatch(share::allows)) {
      findings.noHost(wanted, share, steps.observed().hosts());
    }
  }

  /**
   * Where it runs already, best without complaint and for this very share; then where it has not
   * just failed; then where there is least to do.
   */
  private Comparator<ObservedHost> byPreference(Share share) {
    Predicate<ObservedHost> shunned = steps.shunned(wanted);
    return Comparator.comparing((ObservedHost h) -> h.provider(wanted.id()).isEmpty())
        .thenComparing(h -> h.provider(wanted.id()).isPresent() && !h.responsive())
        .thenComparing(
            h -> h.provider(wanted.id()).map(p -> !p.conditions().isEmpty()).orElse(false))
        .thenComparing(
            h ->
                h.provider(wanted.id())
                    .map(p -> !share.name().equals(p.annotations().get(Annotations.SPREAD)))
                    .orElse(true))
        .thenComparing(shunned::test)
        .thenComparing(h -> steps.load(h.id()))
        .thenComparing(ObservedHost::id);
  }

  /** Sees to the provider on a host; whether it runs there as wanted. */
  private boolean run(ObservedHost host, Share share) {
    RunningProvider running = host.provider(wanted.id()).orElse(null);
    if (running == null) {
      changing++;
      if (mayStart) {
        steps.place(host.id());
        findings.failureOn(host, steps.take(start(host, share, false)));
      }
      return false;
    }
    running.conditions().forEach(c -> findings.condition(host, c));
    if (running.unsettled() && running.conditions().isEmpty()) {
      findings.work("Waiting for the provider on host " + host.label() + " to take its links");
    }
    if (mine(running) && !wanted.scalerId().equals(running.annotations().get(Annotations.SCALER))) {
      if (!host.replacesProviders()) {
        // Another image or other configs: it refuses to start an id that runs, so it stops first.
        stop(host);
        return false;
      }
      changing++;
      if (mayStart) {
        findings.failureOn(host, steps.take(start(host, share, true)));
      }
      return false;
    }
    if (running.unsettled() || !running.conditions().isEmpty()) {
      unwell++;
    }
    actual++;
    return true;
  }

  private Action start(ObservedHost host, Share share, boolean replace) {
    return new Action.StartProvider(
        app,
        host.id(),
        wanted.id(),
        wanted.image(),
        wanted.configs(),
        Annotations.of(app, wanted.scalerId(), share.name()),
        replace);
  }

  private void stop(ObservedHost host) {
    changing++;
    findings.failureOn(host, steps.take(new Action.StopProvider(app, host.id(), wanted.id())));
  }
}

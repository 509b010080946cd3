package io.wattle.controlplane.plan;

import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import io.wattle.lattice.link.Links;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings one link to the lattice as it is wanted, configurations and interfaces included. */
final class LinkPlanner {
  private final String app;
  private final Steps steps;
  private final Set<LinkId> ours;

  /**
   * @param ours links that applications of this control plane put and do not want any more
   */
  LinkPlanner(String app, Steps steps, Set<LinkId> ours) {
    this.app = app;
    this.steps = steps;
    this.ours = ours;
  }

  /**
   * Plans the link.
   *
   * @param mayPut whether its configurations are there; hosts refuse a link without
   * @param awaited ids that are going to run, if they do not yet
   */
  ItemStatus plan(DesiredItem.Wire wire, Findings findings, boolean mayPut, Set<String> awaited) {
    Link wanted = wire.link();
    Link present = present(wanted);
    boolean there = present != null && same(present, wanted);
    if (!there && !steps.observed().hosts().isEmpty()) {
      findings.work(
          "Putting link definition between " + wanted.sourceId() + " and " + wanted.target());
      if (mayPut) {
        put(wanted, findings, awaited);
      }
    }
    return new ItemStatus(
        wire.scalerId(),
        "LinkScaler",
        wire.name(),
        ItemStatus.Subject.LINK,
        findings.type(),
        findings.message(),
        1,
        there ? 1 : 0);
  }

  private @Nullable Link present(Link wanted) {
    return steps.links().at(LinkKey.of(wanted)).stream()
        .filter(l -> Links.same(l, wanted))
        .findFirst()
        .orElse(null);
  }

  static boolean same(Link a, Link b) {
    return Set.copyOf(a.interfaces()).equals(Set.copyOf(b.interfaces()))
        && a.sourceConfig().equals(b.sourceConfig())
        && a.targetConfig().equals(b.targetConfig());
  }

  private void put(Link wanted, Findings findings, Set<String> awaited) {
    Link inTheWay = Links.conflict(steps.links().at(LinkKey.of(wanted)), wanted).orElse(null);
    if (inTheWay == null) {
      report(findings, steps.take(new Action.PutLink(app, wanted, false)));
    } else if (ours.contains(LinkId.of(inTheWay))) {
      // The swap of a link's target: hosts of ours do it at one moment, others refuse, and then
      // the old one is deleted like any other leftover. Until the new one runs, the old one serves.
      if (!awaited.contains(wanted.target()) || runs(wanted.target())) {
        report(findings, steps.take(new Action.PutLink(app, wanted, true)));
      }
    } else {
      findings.failure(
          "%s: \"%s\" of %s %s already leads to %s, and no application here put it"
              .formatted(
                  Links.CONFLICT,
                  inTheWay.name(),
                  inTheWay.sourceId(),
                  inTheWay.packageName(),
                  inTheWay.target()));
    }
  }

  private boolean runs(String id) {
    return steps.observed().hosts().stream()
        .anyMatch(host -> host.provider(id).isPresent() || host.component(id).isPresent());
  }

  private static void report(Findings findings, @Nullable String error) {
    if (error != null) {
      findings.failure(error);
    }
  }
}

package io.wattle.controlplane.plan;

import io.wattle.controlplane.plan.DesiredItem.WorkloadType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Plans one application: configurations, providers, components, links; then what is left over, the
 * other way round.
 */
final class AppPlanner {
  private static final String NO_HOSTS = "waiting: 0 hosts";

  private final DesiredApp app;
  private final Steps steps;
  private final ConfigPlanner configs;
  private final LinkPlanner links;
  private final LeftoverPlanner leftovers;
  private final @Nullable ItemStatus[] statuses;

  AppPlanner(DesiredApp app, Steps steps, LinkPlanner links, LeftoverPlanner leftovers) {
    this.app = app;
    this.steps = steps;
    this.configs = new ConfigPlanner(app, steps);
    this.links = links;
    this.leftovers = leftovers;
    this.statuses = new ItemStatus[app.items().size()];
  }

  AppStatus plan() {
    configs.put();
    workloads(WorkloadType.PROVIDER);
    workloads(WorkloadType.COMPONENT);
    wires();
    List<ItemStatus> items = new ArrayList<>();
    for (ItemStatus status : statuses) {
      items.add(Objects.requireNonNull(status));
    }
    leftovers.links();
    leftovers.workloads(ids(WorkloadType.COMPONENT), ids(WorkloadType.PROVIDER));
    boolean settled = items.stream().allMatch(i -> i.type().compareTo(StatusType.UNHEALTHY) >= 0);
    leftovers.configs(settled);
    return app.version() == null ? gone() : deployed(items);
  }

  private Set<String> ids(WorkloadType type) {
    return app.items().stream()
        .filter(i -> i instanceof DesiredItem.Workload w && w.type() == type)
        .map(DesiredItem::name)
        .collect(Collectors.toSet());
  }

  private void workloads(WorkloadType type) {
    for (int i = 0; i < app.items().size(); i++) {
      if (app.items().get(i) instanceof DesiredItem.Workload workload && workload.type() == type) {
        Findings findings = findings();
        boolean ready = configs.ready(workload.configs(), findings);
        ObservedHost busy = steps.inherited(workload).orElse(null);
        if (busy != null) {
          statuses[i] = awaited(workload, busy);
          continue;
        }
        statuses[i] =
            switch (type) {
              case COMPONENT ->
                  new ComponentPlanner(app.name(), workload, steps, findings, ready).plan();
              case PROVIDER ->
                  new ProviderPlanner(app.name(), workload, steps, findings, ready).plan();
            };
      }
    }
  }

  /** What another control plane began is left to end first: twice would be too much. */
  private ItemStatus awaited(DesiredItem.Workload workload, ObservedHost busy) {
    steps.await(ObservedHost.work(workload) + " on " + busy.id());
    return new ItemStatus(
        workload.scalerId(),
        workload.scaler().wire(),
        workload.name(),
        ItemStatus.Subject.of(workload.type()),
        StatusType.RECONCILING,
        "host " + busy.label() + " is at work on it",
        workload.shares().stream().mapToLong(Share::instances).sum(),
        0);
  }

  private void wires() {
    for (int i = 0; i < app.items().size(); i++) {
      switch (app.items().get(i)) {
        case DesiredItem.Wire wire -> {
          Findings findings = findings();
          List<String> names = new ArrayList<>(wire.link().sourceConfig());
          names.addAll(wire.link().targetConfig());
          boolean ready = configs.ready(names, findings);
          statuses[i] = links.plan(wire, findings, ready, awaited());
        }
        case DesiredItem.Idle idle ->
            statuses[i] =
                new ItemStatus(
                    idle.scalerId(),
                    idle.kind(),
                    idle.name(),
                    idle.kind().equals("LinkScaler")
                        ? ItemStatus.Subject.LINK
                        : ItemStatus.Subject.COMPONENT,
                    idle.status(),
                    idle.message(),
                    0,
                    0);
        case DesiredItem.Workload workload -> {
          // Already planned.
        }
      }
    }
  }

  /** What will run as soon as a host is found for it. */
  private Set<String> awaited() {
    return app.items().stream()
        .filter(
            i ->
                i instanceof DesiredItem.Workload w
                    && w.shares().stream().anyMatch(share -> share.instances() > 0))
        .map(DesiredItem::name)
        .collect(Collectors.toSet());
  }

  private Findings findings() {
    Findings findings = new Findings();
    if (steps.observed().hosts().isEmpty()) {
      findings.waitFor(NO_HOSTS);
    }
    return findings;
  }

  private AppStatus gone() {
    StatusType type =
        leftovers.clean()
            ? StatusType.UNDEPLOYED
            : leftovers.failures().isEmpty() ? StatusType.RECONCILING : StatusType.FAILED;
    String message =
        leftovers.clean()
            ? "Manifest has been undeployed"
            : String.join("; ", join(leftovers.left(), leftovers.failures()));
    return new AppStatus(
        app.name(), null, app.deployment(), type, message, List.of(), leftovers.clean());
  }

  private AppStatus deployed(List<ItemStatus> items) {
    List<StatusType> types = new ArrayList<>(items.stream().map(ItemStatus::type).toList());
    Set<String> messages = new LinkedHashSet<>();
    items.stream().map(ItemStatus::message).filter(m -> !m.isEmpty()).forEach(messages::add);
    if (!leftovers.clean()) {
      types.add(leftovers.failures().isEmpty() ? StatusType.RECONCILING : StatusType.FAILED);
      messages.addAll(join(leftovers.left(), leftovers.failures()));
    }
    // An application without parts is as deployed as it will ever be.
    StatusType type = types.isEmpty() ? StatusType.DEPLOYED : StatusType.fold(types);
    return new AppStatus(
        app.name(),
        app.version(),
        app.deployment(),
        type,
        String.join(", ", messages),
        items,
        leftovers.clean());
  }

  private static List<String> join(String first, List<String> others) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(others);
    return all;
  }
}

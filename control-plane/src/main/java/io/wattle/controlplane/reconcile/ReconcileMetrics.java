package io.wattle.controlplane.reconcile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.wattle.controlplane.plan.Action;
import io.wattle.controlplane.plan.AppStatus;
import io.wattle.controlplane.plan.StatusType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a reconciler is seen to do: how long a round takes, what it sends, how its applications
 * stand.
 */
final class ReconcileMetrics {
  /** What became of an action. */
  enum Outcome {
    /** The host took it; whether it worked is seen later. */
    ACCEPTED,
    /** The host said no. */
    REFUSED,
    /** Nobody answered. */
    UNANSWERED,
    /** The host took it and told later that it failed. */
    FAILED
  }

  private final MeterRegistry registry;
  private final String lattice;
  private final Timer rounds;
  private final MultiGauge apps;
  private final AtomicInteger hosts = new AtomicInteger();

  ReconcileMetrics(MeterRegistry registry, String lattice) {
    this.registry = registry;
    this.lattice = lattice;
    this.rounds =
        Timer.builder("wattle.controlplane.reconcile")
            .description("One round of looking, planning and sending")
            .tag("lattice", lattice)
            .register(registry);
    this.apps =
        MultiGauge.builder("wattle.controlplane.apps")
            .description("Applications by status")
            .tag("lattice", lattice)
            .register(registry);
    Gauge.builder("wattle.controlplane.hosts", hosts, AtomicInteger::get)
        .description("Hosts that are alive")
        .tag("lattice", lattice)
        .register(registry);
  }

  /** How many hosts were alive in this round. */
  void hosts(int alive) {
    hosts.set(alive);
  }

  Timer.Sample begin() {
    return Timer.start(registry);
  }

  void end(Timer.Sample round) {
    round.stop(rounds);
  }

  void action(Action action, Outcome outcome) {
    registry
        .counter(
            "wattle.controlplane.actions",
            "lattice",
            lattice,
            "kind",
            action.kind(),
            "outcome",
            outcome.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  void apps(List<AppStatus> statuses) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (StatusType type : StatusType.values()) {
      long count = statuses.stream().filter(s -> s.type() == type).count();
      rows.add(MultiGauge.Row.of(Tags.of("status", type.wire()), count));
    }
    apps.register(rows, true);
  }
}

package io.wattle.controlplane.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects actions, and holds back what is under way or waits after a failure. */
final class Steps {
  private final Observed observed;
  private final List<Action> actions = new ArrayList<>();
  private final Set<String> wanted = new HashSet<>();
  private final Map<String, Integer> load = new HashMap<>();
  private final Set<Plan.Prepare> prepare = new HashSet<>();
  private @Nullable Instant retryAt;

  Steps(Observed observed) {
    this.observed = observed;
    for (ObservedHost host : observed.hosts()) {
      load.put(host.id(), host.components().size() + host.providers().size());
    }
  }

  Observed observed() {
    return observed;
  }

  /** How many components and providers a host runs, those planned included. */
  int load(String hostId) {
    return load.getOrDefault(hostId, 0);
  }

  void place(String hostId) {
    load.merge(hostId, 1, Integer::sum);
  }

  /**
   * Plans an action.
   *
   * @return why it failed the last time, null if it has not
   */
  @Nullable String take(Action action) {
    wanted.add(action.key());
    Attempt last = observed.attempts().get(action.key());
    Attempt attempt = last == null ? null : last.at(observed.now());
    boolean same = attempt != null && attempt.action().equals(action);
    if (attempt == null || (!same && Effects.seen(attempt.action(), observed))) {
      actions.add(action);
      return null;
    }
    switch (attempt.state()) {
      case IN_FLIGHT -> {
        // Also when it is another action: two at once for one thing would overtake each other.
      }
      case FAILED -> {
        if (!same || !observed.now().isBefore(attempt.retryAt())) {
          actions.add(action);
        } else if (retryAt == null || attempt.retryAt().isBefore(retryAt)) {
          retryAt = attempt.retryAt();
        }
      }
    }
    return same ? attempt.error() : null;
  }

  /** Whether something new goes to another host rather than to this one, if another fits. */
  boolean shuns(DesiredItem.Workload workload, ObservedHost host) {
    return !host.responsive() || refusal(workload, host) != null;
  }

  /** Why a workload did not start on a host when that was tried last, null if it was not or did. */
  @Nullable String refusal(DesiredItem.Workload workload, ObservedHost host) {
    String key = ObservedHost.work(workload) + " on " + host.id();
    Attempt last = observed.attempts().get(key);
    if (last == null || !starts(last.action(), workload.image())) {
      return null;
    }
    Attempt attempt = last.at(observed.now());
    return attempt.failures() > 0 ? attempt.error() : null;
  }

  private static boolean starts(Action action, String image) {
    return switch (action) {
      case Action.ScaleComponent scale -> scale.count() > 0 && scale.image().equals(image);
      case Action.StartProvider start -> start.image().equals(image);
      case Action.StopProvider stop -> false;
      case Action.PutConfig put -> false;
      case Action.DeleteConfig delete -> false;
      case Action.PutLink put -> false;
      case Action.DeleteLink delete -> false;
    };
  }

  /** Nothing is done about it now, although it is not as it should be. */
  void await(String key) {
    wanted.add(key);
  }

  /** Has an image compiled on a host that may have to run it, unless that was done. */
  void prepare(ObservedHost host, String image) {
    if (host.responsive() && host.prepared() != null && !host.prepared().contains(image)) {
      prepare.add(new Plan.Prepare(host.id(), image));
    }
  }

  /** The host that is at work on it by an order that is not ours. */
  Optional<ObservedHost> inherited(DesiredItem.Workload workload) {
    String work = ObservedHost.work(workload);
    return observed.hosts().stream()
        .filter(
            h ->
                h.inherited().contains(work)
                    && h.component(workload.id()).isEmpty()
                    && h.provider(workload.id()).isEmpty()
                    && !observed.attempts().containsKey(work + " on " + h.id()))
        .findFirst();
  }

  Plan plan(List<AppStatus> apps) {
    return new Plan(actions, wanted, apps, prepare, retryAt);
  }
}

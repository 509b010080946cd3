package io.wattle.controlplane.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects actions, and holds back what is under way or waits after a failure. */
final class Steps {
  private final Observed observed;
  private final HostIndex index;
  private final LinkIndex links;
  private final List<Action> actions = new ArrayList<>();
  private final Set<String> wanted = new HashSet<>();
  private final Map<String, Integer> load = new HashMap<>();
  private final Set<Plan.Prepare> prepare = new HashSet<>();
  private @Nullable Instant retryAt;

  Steps(Observed observed) {
    this.observed = observed;
    this.index = new HostIndex(observed);
    this.links = new LinkIndex(observed.links());
    for (ObservedHost host : observed.hosts()) {
      load.put(host.id(), host.components().size() + host.providers().size());
    }
  }

  Observed observed() {
    return observed;
  }

  HostIndex index() {
    return index;
  }

  /** The links there are. */
  LinkIndex links() {
    return links;
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
   * @return why it failed the last time, null if it has not or that may be over soon
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
    return same ? attempt.reason(observed.now()) : null;
  }

  /** Whether something new goes to another host rather than to this one, if another fits. */
  Predicate<ObservedHost> shunned(DesiredItem.Workload workload) {
    Map<String, String> refusals = refusals(workload);
    return host -> !host.responsive() || refusals.containsKey(host.id());
  }

  /** Whether the last try for this key failed, whatever it was, and not for now only. */
  boolean hasFailed(String key) {
    Attempt attempt = observed.attempts().get(key);
    return attempt != null && attempt.failures() > 0 && attempt.reason(observed.now()) != null;
  }

  /** Why a workload did not start on hosts where that was tried last, by host. */
  Map<String, String> refusals(DesiredItem.Workload workload) {
    Map<String, Attempt> starts = index.starts(workload);
    if (starts.isEmpty()) {
      return Map.of();
    }
    Map<String, String> refusals = new TreeMap<>();
    starts.forEach(
        (host, last) -> {
          Attempt attempt = last.at(observed.now());
          String why = attempt.reason(observed.now());
          if (attempt.failures() > 0 && why != null && index.isAlive(host)) {
            refusals.put(host, why);
          }
        });
    return refusals;
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
    if (!index.isInherited(work)) {
      return Optional.empty();
    }
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

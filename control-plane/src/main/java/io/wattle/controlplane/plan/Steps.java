package io.wattle.controlplane.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects actions, and holds back what is under way or waits after a failure. */
final class Steps {
  private final Observed observed;
  private final List<Action> actions = new ArrayList<>();
  private final Set<String> wanted = new HashSet<>();
  private final Map<String, Integer> load = new HashMap<>();
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

  /** Whether the last try for this key failed, whatever it was. */
  @Nullable Attempt failed(String key) {
    Attempt attempt = observed.attempts().get(key);
    return attempt != null && attempt.failures() > 0 ? attempt : null;
  }

  Plan plan(List<AppStatus> apps) {
    return new Plan(actions, wanted, apps, retryAt);
  }
}

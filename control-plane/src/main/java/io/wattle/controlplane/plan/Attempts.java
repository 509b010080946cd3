package io.wattle.controlplane.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What was tried in a lattice and has not been seen to work. Not safe for many threads. */
public final class Attempts {
  /** How long a failure counts against a host that is not needed for it any more. */
  private static final Duration MEMORY = Duration.ofMinutes(5);

  private final Map<String, Attempt> byKey = new HashMap<>();

  /** Notes that an action is sent now. */
  public void begin(Action action, Instant now) {
    Attempt before = byKey.get(action.key());
    byKey.put(action.key(), Attempt.begin(action, before == null ? null : before.at(now), now));
  }

  /**
   * Notes that the action under way for this key has failed.
   *
   * @return the action, null if there was none under way
   */
  public @Nullable Action failed(String key, String error, Instant now) {
    return after(key, attempt -> attempt.failed(now, error));
  }

  /** The same where what the action writes to is away, as during an election. */
  public @Nullable Action failedForNow(String key, String error, Instant now) {
    return after(key, attempt -> attempt.failedForNow(now, error));
  }

  private @Nullable Action after(String key, UnaryOperator<Attempt> failure) {
    Attempt attempt = byKey.get(key);
    if (attempt == null || attempt.state() != Attempt.State.IN_FLIGHT) {
      return null;
    }
    byKey.put(key, failure.apply(attempt));
    return attempt.action();
  }

  /** Notes what hosts are at work on: that has not gone without effect yet. */
  public void seenAtWork(List<ObservedHost> hosts, Instant now) {
    for (ObservedHost host : hosts) {
      for (String work : host.working()) {
        byKey.computeIfPresent(
            work + " on " + host.id(), (key, attempt) -> attempt.seenAtWork(now));
      }
    }
  }

  /** Turns tries that took too long into failures; the planner counts them so already. */
  public void expire(Instant now) {
    byKey.replaceAll((key, attempt) -> attempt.at(now));
  }

  /** Forgets what a plan does not ask for any more: it is as wanted, or nobody wants it. */
  public void settle(Plan plan, Instant now) {
    byKey
        .values()
        .removeIf(
            attempt ->
                !plan.wanted().contains(attempt.action().key())
                    && (attempt.state() == Attempt.State.IN_FLIGHT
                        || attempt.since().plus(MEMORY).isBefore(now)));
  }

  /** Forgets everything. */
  public void clear() {
    byKey.clear();
  }

  /** For the planner. */
  public Map<String, Attempt> snapshot() {
    return Map.copyOf(byKey);
  }
}

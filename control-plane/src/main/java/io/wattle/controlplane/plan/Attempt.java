package io.wattle.controlplane.plan;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of the last try of an action.
 *
 * @param state under way, or failed
 * @param since when it was sent or the host was last seen at work on it, or when it failed
 * @param failures how often it has failed, this try not counted while it is under way
 * @param error the last failure, in the host's words; kept while the next try is under way
 * @param away since when it has failed because what it writes to was away; null when the last
 *     failure had another reason, or there was none
 */
public record Attempt(
    Action action,
    State state,
    Instant since,
    int failures,
    @Nullable String error,
    @Nullable Instant away) {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  /** The loss of a server of a NATS cluster ends with an election, which takes some seconds. */
  private static final Duration ELECTION = Duration.ofSeconds(15);

  /** How far a try is. */
  public enum State {
    /** Sent; its effect has not been seen. */
    IN_FLIGHT,
    /** Refused, failed, or without effect for too long. */
    FAILED
  }

  /** A try that begins now; {@code before} is the one before it, of the same action or another. */
  public static Attempt begin(Action action, @Nullable Attempt before, Instant now) {
    return before != null && before.action().equals(action)
        ? new Attempt(
            action, State.IN_FLIGHT, now, before.failures(), before.error(), before.away())
        : new Attempt(action, State.IN_FLIGHT, now, 0, null, null);
  }

  /** This try when the host says that it is at work on it: large components take minutes. */
  public Attempt seenAtWork(Instant now) {
    return switch (state) {
      case IN_FLIGHT -> new Attempt(action, state, now, failures, error, away);
      case FAILED -> this;
    };
  }

  /** This try after it failed. */
  public Attempt failed(Instant now, String newError) {
    return new Attempt(action, State.FAILED, now, failures + 1, newError, null);
  }

  /** This try after it failed because what it writes to is away. */
  public Attempt failedForNow(Instant now, String newError) {
    return new Attempt(
        action, State.FAILED, now, failures + 1, newError, away == null ? now : away);
  }

  /** What the last failure was, if it counts: not while an election may still end it. */
  public @Nullable String reason(Instant now) {
    return away != null && now.isBefore(away.plus(ELECTION)) ? null : error;
  }

  /** This try as it counts now: one that took too long has failed. */
  public Attempt at(Instant now) {
    Duration patience = action.patience();
    return state == State.IN_FLIGHT && !now.isBefore(since.plus(patience))
        ? failed(since.plus(patience), "no effect was seen within " + patience.toSeconds() + " s")
        : this;
  }

  /** When a failed action is tried again: after 1, 2, 4 ... 60 seconds, or soon. */
  public Instant retryAt() {
    if (away != null && since.isBefore(away.plus(ELECTION))) {
      return since.plus(FIRST_PAUSE);
    }
    int doublings = Math.min(Math.max(failures - 1, 0), 10);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    return since.plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
  }
}

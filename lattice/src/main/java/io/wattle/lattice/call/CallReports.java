package io.wattle.lattice.call;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which path calls took and how many messages they cost: to the observer, and on the debug
 * level to the log. Does nothing when neither wants to know.
 */
public final class CallReports {
  /** Nobody is told but the log. */
  public static final CallReports TO_LOG = new CallReports(CallObserver.NONE);

  private static final Logger LOG = LoggerFactory.getLogger(CallReports.class);

  private final CallObserver observer;

  public CallReports(CallObserver observer) {
    this.observer = observer;
  }

  /** A call is over; see {@link CallObserver#ended}. */
  public void ended(
      CallTarget target,
      CallPath path,
      int messages,
      long nanos,
      CallException.@Nullable Kind failure) {
    observer.ended(target, path, messages, nanos, failure);
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "call of {}: path={} messages={} {} after {} us",
          target,
          path.label(),
          messages,
          failure == null ? "answered" : failure,
          TimeUnit.NANOSECONDS.toMicros(nanos));
    }
  }
}

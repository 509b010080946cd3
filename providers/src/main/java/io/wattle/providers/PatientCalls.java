package io.wattle.providers;

import io.wattle.lattice.call.CallException;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Calls that are repeated for a while when nobody took them, as while the component is being
 * replaced. What the component made of a call is its own business: one that failed is not repeated.
 */
public final class PatientCalls {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private PatientCalls() {}

  /** A call, which may be made again. */
  @FunctionalInterface
  public interface Call<T> {
    T run() throws CallException, InterruptedException;
  }

  /**
   * Makes a call until somebody takes it, nobody did for 30 s, or it is pointless.
   *
   * @throws CallException the last one's
   */
  public static <T> T make(Call<T> call, BooleanSupplier pointless)
      throws CallException, InterruptedException {
    Deadline patience = Deadline.in(PATIENCE);
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      try {
        return call.run();
      } catch (CallException e) {
        if (pointless.getAsBoolean() || !isUntaken(e.kind()) || patience.passed()) {
          throw e;
        }
      }
      LockSupport.parkNanos(pause);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }

  /** Whether nothing was done with such a call. */
  private static boolean isUntaken(CallException.Kind kind) {
    return switch (kind) {
      case NOT_FOUND, BUSY -> true;
      case TIMEOUT, LOST, TRAPPED, MALFORMED, FAILED -> false;
    };
  }
}

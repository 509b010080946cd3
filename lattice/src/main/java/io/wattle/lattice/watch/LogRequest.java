package io.wattle.lattice.watch;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Asks a host for lines of its log.
 *
 * @param id only what this component or provider said, and what the host said of it; null for all
 * @param after only lines with a greater {@code seq}; null for all that are kept
 * @param since only lines that are not older; null for any age
 * @param tail at most so many, the last ones; null for as many as fit into an answer
 * @param waitMillis how long to wait for a line when there is none yet, at most {@link #MAX_WAIT}
 */
public record LogRequest(
    @Nullable String id,
    @Nullable Long after,
    @Nullable Instant since,
    @Nullable Integer tail,
    long waitMillis) {
  /** A host answers within this time, if only that there is nothing new. */
  public static final Duration MAX_WAIT = Duration.ofSeconds(10);

  public LogRequest {
    if (tail != null && tail < 0) {
      throw new IllegalArgumentException("tail: " + tail + " (expected: >= 0)");
    }
    waitMillis = Math.clamp(waitMillis, 0, MAX_WAIT.toMillis());
  }
}

package io.wattle.lattice.watch;

import java.time.Duration;

/**
 * Somebody wants to see the calls of a component or provider. Who goes on watching says it again in
 * time; nobody has to say that it is over.
 *
 * @param id component or provider
 * @param millis how long from now, at most {@link #MAX}; 0 ends it
 */
public record SpyLease(String id, long millis) {
  /** The longest lease: so long hosts tell calls that nobody sees when a watcher is killed. */
  public static final Duration MAX = Duration.ofSeconds(30);

  public SpyLease {
    if (id == null || id.isEmpty()) {
      throw new IllegalArgumentException("id: none (expected: component or provider id)");
    }
    millis = Math.clamp(millis, 0, MAX.toMillis());
  }
}

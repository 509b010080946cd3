package io.wattle.lattice.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Stop a host (section 2.5).
 *
 * @param hostId empty, or the host's own
 * @param drain our own: say goodbye at once, then finish what runs
 * @param timeoutMillis documented as seconds, but milliseconds in fact; null for 10 s
 */
public record StopHost(
    String hostId,
    @JsonProperty("timeout") @Nullable Long timeoutMillis,
    @JsonProperty("wattle_drain") boolean drain) {
  public StopHost {
    hostId = Defaults.text(hostId);
  }

  /** How long the host has. */
  public Duration deadline() {
    return Duration.ofMillis(timeoutMillis == null ? 10_000 : timeoutMillis);
  }
}

package io.wattle.lattice.control;

import com.fasterxml.jackson.annotation.JsonAlias;

/** Stop a provider; {@code hostId} must be the host's, or the provider is killed (section 2.10). */
public record StopProvider(@JsonAlias("provider_ref") String providerId, String hostId) {
  public StopProvider {
    providerId = Defaults.text(providerId);
    hostId = Defaults.text(hostId);
  }
}

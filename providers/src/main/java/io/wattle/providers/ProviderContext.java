package io.wattle.providers;

import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.Connection;
import io.wattle.lattice.call.CallHandler;
import java.time.Duration;
import java.util.Map;

/**
 * What a provider is given when it starts.
 *
 * @param providerId its id in the lattice
 * @param lattice the lattice's name
 * @param hostId the host it runs on
 * @param config its own configuration
 * @param calls the way to components and other providers: in process or over the lattice
 * @param nats the host's connection, for providers that keep their data in the lattice's own NATS
 * @param metrics where it counts
 * @param invocationTimeout how long a call may take when nothing else says so
 * @param drainTimeout how long {@link Provider#close} lets running work finish
 */
public record ProviderContext(
    String providerId,
    String lattice,
    String hostId,
    Map<String, String> config,
    CallHandler calls,
    Connection nats,
    MeterRegistry metrics,
    Duration invocationTimeout,
    Duration drainTimeout) {
  public ProviderContext {
    config = Map.copyOf(config);
  }
}

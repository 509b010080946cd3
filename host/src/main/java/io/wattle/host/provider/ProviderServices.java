package io.wattle.host.provider;

import io.micrometer.core.instrument.MeterRegistry;
import io.wattle.host.call.CallRouter;
import io.wattle.host.link.LatticeState;
import io.wattle.lattice.LatticeConnection;
import java.time.Duration;

/** What providers need of their host. */
public record ProviderServices(
    String hostId,
    LatticeConnection connection,
    LatticeState state,
    CallRouter router,
    MeterRegistry metrics,
    Duration invocationTimeout,
    Duration drain) {}

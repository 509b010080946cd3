package io.wattle.host.provider;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.wattle.host.call.CallRouter;
import io.wattle.host.link.LatticeState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.wit.io.Ticker;
import java.time.Duration;

/** What providers need of their host. */
public record ProviderServices(
    String hostId,
    LatticeConnection connection,
    LatticeState state,
    CallRouter router,
    MeterRegistry metrics,
    Ticker ticker,
    Duration invocationTimeout,
    Duration drain) {
  /** A provider that had crashed is started again. */
  void countRestart(String provider) {
    Counter.builder("wattle.provider.restarts")
        .description("starts after a crash")
        .tag("provider", provider)
        .register(metrics)
        .increment();
  }
}

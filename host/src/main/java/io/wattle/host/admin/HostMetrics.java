package io.wattle.host.admin;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.wattle.lattice.ConnectionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What is seen of a host as a whole: who it is, whether it has its lattice, how its providers are.
 * Closing takes the meters away.
 */
public final class HostMetrics implements AutoCloseable {
  private final MeterRegistry registry;
  private final List<Meter> meters = new ArrayList<>();
  private final MultiGauge providers;

  /**
   * Registers them.
   *
   * @param connection whether NATS is there
   */
  public HostMetrics(
      MeterRegistry registry,
      String id,
      String friendlyName,
      String version,
      Supplier<ConnectionState> connection) {
    this.registry = registry;
    meters.add(
        Gauge.builder("wattle.host.info", () -> 1)
            .description("1, with the host's names")
            .tags("host_id", id, "host", friendlyName, "version", version)
            .register(registry));
    meters.add(
        Gauge.builder(
                "wattle.lattice.connected",
                connection,
                state -> state.get() == ConnectionState.CONNECTED ? 1 : 0)
            .description("1 while NATS is reached, else 0")
            .strongReference(true)
            .register(registry));
    providers =
        MultiGauge.builder("wattle.provider.healthy")
            .description("1 while the provider is well, else 0")
            .register(registry);
  }

  /** How providers are now, by id. */
  public void providers(Map<String, Boolean> healthy) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    healthy.forEach(
        (id, well) -> rows.add(MultiGauge.Row.of(Tags.of("provider", id), well ? 1 : 0)));
    providers.register(rows, true);
  }

  @Override
  public void close() {
    providers.register(List.of(), true);
    meters.forEach(registry::remove);
  }
}

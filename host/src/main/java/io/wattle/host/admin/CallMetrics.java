package io.wattle.host.admin;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallObserver;
import io.wattle.lattice.call.CallPath;
import io.wattle.lattice.call.CallTarget;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls this host makes, by the path they took: {@code wattle.calls} is the time until
 * the answer was there, {@code wattle.calls.failed} the failures by kind, {@code
 * wattle.call.messages} how many NATS messages a call cost.
 */
public final class CallMetrics implements CallObserver {
  private final Map<CallPath, Timer> answered = new EnumMap<>(CallPath.class);
  private final Map<CallPath, DistributionSummary> messages = new EnumMap<>(CallPath.class);
  private final MeterRegistry registry;

  /** Registers the meters of every path. */
  public CallMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (CallPath path : CallPath.values()) {
      answered.put(
          path,
          Timer.builder("wattle.calls")
              .description("calls to components and providers, until their answer or failure")
              .tag("path", path.label())
              .publishPercentileHistogram()
              .minimumExpectedValue(Duration.ofNanos(10_000))
              .maximumExpectedValue(Duration.ofSeconds(60))
              .register(registry));
      messages.put(
          path,
          DistributionSummary.builder("wattle.call.messages")
              .description("NATS messages that a call cost its caller, those of its streams too")
              .tag("path", path.label())
              .register(registry));
    }
  }

  @Override
  public void ended(
      CallTarget target,
      CallPath path,
      int messageCount,
      long nanos,
      CallException.@Nullable Kind failure) {
    Timer timer = answered.get(path);
    DistributionSummary summary = messages.get(path);
    if (timer != null && summary != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
      summary.record(messageCount);
    }
    if (failure != null) {
      registry
          .counter(
              "wattle.calls.failed",
              "path",
              path.label(),
              "kind",
              failure.name().toLowerCase(Locale.ROOT))
          .increment();
    }
  }
}

package io.wattle.host.admin;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.wattle.host.call.Admission;
import io.wattle.lattice.call.CallException;
import io.wattle.runtime.engine.MemoryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is counted for one component. The labels are the component's id and, for errors, one of the
 * kinds of {@link CallException}: nothing a caller can choose. Closing takes the meters away.
 */
public final class ComponentMetrics implements AutoCloseable {
  private final MeterRegistry registry;
  private final MemoryBudget memory;
  private final List<Meter> meters = new ArrayList<>();
  private final Counter invocations;
  private final Counter rejected;
  private final Timer duration;
  private final Timer load;
  private final Timer instantiation;
  private final Map<CallException.Kind, Counter> errors = new EnumMap<>(CallException.Kind.class);

  /**
   * Registers the meters.
   *
   * @param memory the part of the host's budget that the component's instances take from
   */
  public ComponentMetrics(
      MeterRegistry registry, String component, Admission admission, MemoryBudget memory) {
    this.registry = registry;
    this.memory = memory;
    Tags tags = Tags.of("component", component);
    invocations =
        keep(
            Counter.builder("wattle.component.invocations")
                .description("invocations that were asked for")
                .tags(tags)
                .register(registry));
    rejected =
        keep(
            Counter.builder("wattle.component.rejected")
                .description("invocations turned away because there was no room")
                .tags(tags)
                .register(registry));
    duration =
        keep(
            Timer.builder("wattle.component.duration")
                .description("from admission to the end of the invocation")
                .tags(tags)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(10_000))
                .maximumExpectedValue(Duration.ofSeconds(60))
                .register(registry));
    load =
        keep(
            Timer.builder("wattle.component.load")
                .description("from the image's bytes to code that can run")
                .tags(tags)
                .register(registry));
    instantiation =
        keep(
            Timer.builder("wattle.component.instantiation")
                .description("making or resetting an instance for an invocation")
                .tags(tags)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(1_000))
                .maximumExpectedValue(Duration.ofSeconds(1))
                .register(registry));
    for (CallException.Kind kind : CallException.Kind.values()) {
      errors.put(
          kind,
          keep(
              Counter.builder("wattle.component.errors")
                  .description("invocations that failed, by kind")
                  .tags(tags.and("kind", kind.name().toLowerCase(Locale.ROOT)))
                  .register(registry)));
    }
    keep(
        Gauge.builder("wattle.component.in.flight", admission, Admission::inFlight)
            .description("invocations that run")
            .tags(tags)
            .register(registry));
    keep(
        Gauge.builder("wattle.component.memory", memory, MemoryBudget::used)
            .description("what its instances and its snapshot hold of the memory budget")
            .baseUnit("bytes")
            .tags(tags)
            .register(registry));
    keep(
        Gauge.builder("wattle.component.waiting", admission, Admission::waiting)
            .description("invocations that wait for a place")
            .tags(tags)
            .register(registry));
  }

  /** An invocation was asked for. */
  public void asked() {
    invocations.increment();
  }

  /** An invocation failed, or was not admitted. */
  public void failed(CallException.Kind kind) {
    Counter counter = errors.get(kind);
    if (counter != null) {
      counter.increment();
    }
    if (kind == CallException.Kind.BUSY) {
      rejected.increment();
    }
  }

  /** An admitted invocation ended after so many nanoseconds. */
  public void ended(long nanos) {
    duration.record(Duration.ofNanos(nanos));
  }

  /** Where loading its code is timed. */
  public Timer load() {
    return load;
  }

  /** Where the making of its instances is timed. */
  public Timer instantiation() {
    return instantiation;
  }

  /** Where its instances take memory from. */
  public MemoryBudget memory() {
    return memory;
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }

  private <M extends Meter> M keep(M meter) {
    meters.add(meter);
    return meter;
  }
}

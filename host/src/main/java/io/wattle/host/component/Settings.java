package io.wattle.host.component;

import io.wattle.lattice.control.ScaleComponent;
import io.wattle.runtime.engine.StoreLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a component is to run, as the last command said.
 *
 * @param imageRef exactly as in the command that brought the code
 * @param count how many invocations may be in flight
 * @param limits {@code max_memory_limit} in bytes and {@code max_execution_time} in seconds
 * @param config names of configs, later ones win
 */
record Settings(
    String imageRef,
    long count,
    Map<String, String> annotations,
    @Nullable Map<String, String> limits,
    List<String> config) {
  private static final Logger LOG = LoggerFactory.getLogger(Settings.class);
  private static final String MEMORY = "max_memory_limit";
  private static final String TIME = "max_execution_time";

  static Settings of(ScaleComponent command) {
    return new Settings(
        command.componentRef(),
        command.count(),
        command.annotations() == null ? Map.of() : Map.copyOf(command.annotations()),
        command.componentLimits(),
        command.config());
  }

  Settings withImage(String ref) {
    return new Settings(ref, count, annotations, limits, config);
  }

  Settings withAnnotations(@Nullable Map<String, String> other) {
    return other == null ? this : new Settings(imageRef, count, Map.copyOf(other), limits, config);
  }

  int permits() {
    return (int) Math.min(Integer.MAX_VALUE, count);
  }

  /** The host's limits, made smaller by the command's. */
  StoreLimits storeLimits(StoreLimits host) {
    return number(MEMORY)
        .map(
            bytes ->
                new StoreLimits(
                    Math.min(host.memoryBytes(), bytes), host.tableElements(), host.instances()))
        .orElse(host);
  }

  /** The host's longest invocation, made shorter by the command's. */
  Duration maxInvocation(Duration host) {
    return number(TIME)
        .map(Duration::ofSeconds)
        .filter(own -> own.compareTo(host) < 0)
        .orElse(host);
  }

  private Optional<Long> number(String limit) {
    String text = limits == null ? null : limits.get(limit);
    if (text == null) {
      return Optional.empty();
    }
    try {
      long value = Long.parseLong(text.strip());
      if (value > 0) {
        return Optional.of(value);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    LOG.warn("{}: {} is ignored (expected: a whole number > 0)", limit, text);
    return Optional.empty();
  }
}

package io.wattle.host;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.wattle.host.provider.BuiltinProviders;
import io.wattle.host.watch.HostLog;
import io.wattle.lattice.LatticeOptions;
import io.wattle.providers.ProviderFactory;
import io.wattle.runtime.engine.StoreLimits;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * How a host runs.
 *
 * @param lattice which lattice, and how to reach it
 * @param dataDir identity, lock and compile cache; one for each host
 * @param friendlyName replaces the kept or generated one
 * @param labels the user's; they win over the built-in ones
 * @param builtinProviders whether wasmCloud's image names mean our providers
 * @param providers the providers this host has
 * @param allowFileLoad whether {@code file://} images may be loaded
 * @param maxComponentBytes the largest component image
 * @param limits of each instance of a component
 * @param memoryBudgetBytes linear memory of all instances together
 * @param maxInvocation how long an invocation may take
 * @param maxWait the longest wait for admission
 * @param drain how long running work may go on after a stop or an update
 * @param heartbeat the interval between heartbeats
 * @param admin where metrics and readiness are served, empty for nowhere
 * @param metrics where everything is counted
 * @param log the last lines of it and its components, for those who ask
 * @param compiler where components are compiled while they run interpreted; empty for threads of
 *     the host's own, as many as there are processors
 */
public record HostOptions(
    LatticeOptions lattice,
    Path dataDir,
    Optional<String> friendlyName,
    Map<String, String> labels,
    BuiltinProviders.Policy builtinProviders,
    List<ProviderFactory> providers,
    boolean allowFileLoad,
    long maxComponentBytes,
    StoreLimits limits,
    long memoryBudgetBytes,
    Duration maxInvocation,
    Duration maxWait,
    Duration drain,
    Duration heartbeat,
    Optional<InetSocketAddress> admin,
    PrometheusMeterRegistry metrics,
    HostLog log,
    Optional<Executor> compiler) {
  public HostOptions {
    labels = Map.copyOf(labels);
    providers = List.copyOf(providers);
    if (memoryBudgetBytes <= 0) {
      throw new IllegalArgumentException(
          "memoryBudgetBytes: " + memoryBudgetBytes + " (expected: > 0)");
    }
  }

  /** The usual options of a host in {@code lattice} with its data in {@code dataDir}. */
  public static Builder builder(LatticeOptions lattice, Path dataDir) {
    return new Builder(lattice, dataDir);
  }

  /** Collects options. */
  public static final class Builder {
    private final LatticeOptions lattice;
    private final Path dataDir;
    private Optional<String> friendlyName = Optional.empty();
    private Map<String, String> labels = Map.of();
    private BuiltinProviders.Policy builtinProviders = BuiltinProviders.Policy.PREFER;
    private List<ProviderFactory> providers = FirstPartyProviders.all();
    private boolean allowFileLoad = true;
    private long maxComponentBytes = 50L << 20;
    private StoreLimits limits = StoreLimits.DEFAULT;
    private long memoryBudgetBytes = Runtime.getRuntime().maxMemory() / 2;
    private Duration maxInvocation = Duration.ofSeconds(60);
    private Duration maxWait = Duration.ofSeconds(5);
    private Duration drain = Duration.ofSeconds(10);
    private Duration heartbeat = Duration.ofSeconds(2);
    private Optional<InetSocketAddress> admin = Optional.empty();
    private PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private HostLog log = new HostLog(InstantSource.system());
    private Optional<Executor> compiler = Optional.empty();

    private Builder(LatticeOptions lattice, Path dataDir) {
      this.lattice = lattice;
      this.dataDir = dataDir;
    }

    /** A name for people; by default the one it always had. */
    public Builder friendlyName(String name) {
      friendlyName = Optional.of(name);
      return this;
    }

    /** Labels that auctions and spreads ask for. */
    public Builder labels(Map<String, String> value) {
      labels = value;
      return this;
    }

    /** Whether wasmCloud's image names mean our providers; they do by default. */
    public Builder builtinProviders(BuiltinProviders.Policy policy) {
      builtinProviders = policy;
      return this;
    }

    /** The providers it has; by default all that come with Wattle. */
    public Builder providers(List<ProviderFactory> factories) {
      providers = factories;
      return this;
    }

    /** Whether {@code file://} images may be loaded; by default they may. */
    public Builder allowFileLoad(boolean allow) {
      allowFileLoad = allow;
      return this;
    }

    /** The largest component image in bytes; 50 MiB by default. */
    public Builder maxComponentBytes(long bytes) {
      maxComponentBytes = bytes;
      return this;
    }

    /** Limits of each instance. */
    public Builder limits(StoreLimits value) {
      limits = value;
      return this;
    }

    /** Linear memory of all instances together, in bytes; half of the heap by default. */
    public Builder memoryBudget(long bytes) {
      memoryBudgetBytes = bytes;
      return this;
    }

    /** How long an invocation may take; 60 s by default. */
    public Builder maxInvocation(Duration value) {
      maxInvocation = value;
      return this;
    }

    /** The longest wait for admission; 5 s by default. */
    public Builder maxWait(Duration value) {
      maxWait = value;
      return this;
    }

    /** How long running work may go on after a stop or an update; 10 s by default. */
    public Builder drain(Duration value) {
      drain = value;
      return this;
    }

    /** The interval between heartbeats; 2 s by default. */
    public Builder heartbeat(Duration interval) {
      heartbeat = interval;
      return this;
    }

    /** Serves metrics and readiness; by default nowhere. */
    public Builder admin(InetSocketAddress address) {
      admin = Optional.of(address);
      return this;
    }

    /** Counts there instead of in a registry of its own. */
    public Builder metrics(PrometheusMeterRegistry registry) {
      metrics = registry;
      return this;
    }

    /** Keeps its last lines there, beside those that others put there. */
    public Builder log(HostLog value) {
      log = value;
      return this;
    }

    /** Compiles components there instead of on threads of its own. */
    public Builder compiler(Executor executor) {
      compiler = Optional.of(executor);
      return this;
    }

    public HostOptions build() {
      return new HostOptions(
          lattice,
          dataDir,
          friendlyName,
          labels,
          builtinProviders,
          providers,
          allowFileLoad,
          maxComponentBytes,
          limits,
          memoryBudgetBytes,
          maxInvocation,
          maxWait,
          drain,
          heartbeat,
          admin,
          metrics,
          log,
          compiler);
    }
  }
}

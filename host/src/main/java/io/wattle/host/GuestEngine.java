package io.wattle.host;

import io.micrometer.core.instrument.Timer;
import io.wattle.host.admin.ComponentMetrics;
import io.wattle.host.component.ComponentEngine;
import io.wattle.runtime.Component;
import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.LinkedComponent;
import io.wattle.runtime.Task;
import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.ComponentInstances;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.MemoryBudget;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.host.Imports;
import java.util.concurrent.TimeUnit;

/** The runtime of a host: one engine with one memory budget, and the threads guests run on. */
final class GuestEngine implements ComponentEngine {
  private static final long CACHE_BYTES = 1L << 30;

  private final CoreEngine engine;
  private final ComponentRuntime runtime;
  private final GuestThreads threads;

  private GuestEngine(CoreEngine engine) {
    this.engine = engine;
    this.runtime = ComponentRuntime.on(engine);
    this.threads = new GuestThreads(GuestThreads.STACK_BYTES);
  }

  static ComponentEngine start(HostOptions options) {
    EngineOptions engine =
        EngineOptions.defaults()
            .withExecution(EngineOptions.Execution.TIERED)
            .withMemoryBudget(options.memoryBudgetBytes())
            .withCache(options.dataDir().resolve("modules"), CACHE_BYTES)
            .withMeters(options.metrics());
    return new GuestEngine(
        Engines.endive(options.compiler().map(engine::withCompiler).orElse(engine)));
  }

  @Override
  public MemoryBudget memory() {
    return engine.memory().part();
  }

  @Override
  public Component load(byte[] wasm) throws InvalidComponentException {
    return runtime.load(wasm);
  }

  @Override
  public LinkedComponent link(
      Component component, Imports imports, StoreLimits limits, ComponentMetrics metrics)
      throws LinkException {
    LinkOptions usual = LinkOptions.DEFAULT;
    LinkOptions options =
        new LinkOptions(limits, usual.idleInstances(), usual.maxValueBytes(), metrics.memory());
    return new GuestComponent(
        new TimedInstances(runtime.link(component, imports, options), metrics.instantiation()),
        threads);
  }

  /** Times how long it takes until an instance is there. */
  private record TimedInstances(ComponentInstances instances, Timer timer)
      implements ComponentInstances {
    @Override
    public Component component() {
      return instances.component();
    }

    @Override
    public ComponentInstance begin(Task task) {
      long before = System.nanoTime();
      ComponentInstance instance = instances.begin(task);
      timer.record(System.nanoTime() - before, TimeUnit.NANOSECONDS);
      return instance;
    }

    @Override
    public void close() {
      instances.close();
    }
  }

  @Override
  public void close() {
    threads.close();
    runtime.close();
    engine.close();
  }
}

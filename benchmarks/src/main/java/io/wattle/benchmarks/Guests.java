package io.wattle.benchmarks;

import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.Task;
import io.wattle.runtime.component.ComponentInstances;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.host.LinkedFunction;
import io.wattle.runtime.wasi.Wasi;
import io.wattle.runtime.wasi.WasiOptions;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.type.FunctionType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A runtime in this process, with guests of the repository linked to each other as a host links
 * them.
 */
final class Guests implements AutoCloseable {
  private final Path dist;
  private final CoreEngine engine;
  private final ComponentRuntime runtime;
  private final GuestThreads threads = new GuestThreads(1 << 20);
  private final List<AutoCloseable> opened = new ArrayList<>();

  Guests(Path root) {
    this(root, EngineOptions.defaults());
  }

  Guests(Path root, EngineOptions options) {
    dist = root.resolve("components/dist");
    engine = Engines.endive(options);
    runtime = ComponentRuntime.on(engine);
  }

  static Task task() {
    return new Task("benchmark", Deadline.in(Duration.ofMinutes(5)), Map.of());
  }

  /** Instances of a component that also gets these interfaces. */
  ComponentInstances instances(byte[] wasm, int idle, List<HostInterface> given)
      throws InvalidComponentException, LinkException {
    ComponentInstances instances =
        runtime.link(
            runtime.load(wasm),
            imports(nobody(), given),
            new LinkOptions(StoreLimits.DEFAULT, idle, 128L << 20));
    opened.add(instances);
    return instances;
  }

  GuestComponent component(ComponentInstances instances) {
    return new GuestComponent(instances, threads);
  }

  /** Instances of a guest; {@code idle} used ones are kept and reset. */
  ComponentInstances instances(String guest, int idle, LinkedFunction link)
      throws IOException, InvalidComponentException, LinkException {
    ComponentInstances instances =
        runtime.link(
            runtime.load(Files.readAllBytes(dist.resolve(guest + ".wasm"))),
            imports(link, List.of()),
            new LinkOptions(StoreLimits.DEFAULT, idle, 128L << 20));
    opened.add(instances);
    return instances;
  }

  GuestComponent component(String guest, LinkedFunction link)
      throws IOException, InvalidComponentException, LinkException {
    return new GuestComponent(instances(guest, 16, link), threads);
  }

  /** Nothing to link to. */
  static LinkedFunction nobody() {
    return (call, parameters) -> {
      throw new IllegalStateException("not linked");
    };
  }

  /**
   * A link to another component: encoded, called, and decoded, as between two components of one
   * host.
   */
  static LinkedFunction to(GuestComponent target, String instance, String function) {
    return (call, parameters) -> {
      ValueEncoder arguments = new ValueEncoder();
      parameters.accept(arguments);
      ValueEncoder results = new ValueEncoder();
      target.call(call.task(), instance, function, new ValueDecoder(arguments.toBytes()), results);
      return new ValueDecoder(results.toBytes());
    };
  }

  /** Runs on a guest thread and waits. */
  void onGuestThread(Runnable code) throws InterruptedException {
    Thread.ofPlatform().start(code).join();
  }

  private static Imports imports(LinkedFunction link, List<HostInterface> given) {
    HostInterfaces wasi = Wasi.interfaces(WasiOptions.builder().build()).plus(given);
    return new Imports() {
      @Override
      public @Nullable HostInterface hostInterface(String name) {
        return wasi.find(name);
      }

      @Override
      public LinkedFunction linked(String instance, String function, FunctionType type) {
        return link;
      }
    };
  }

  @Override
  public void close() throws IOException {
    try {
      for (AutoCloseable each : opened) {
        each.close();
      }
      runtime.close();
      threads.close();
      engine.close();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}

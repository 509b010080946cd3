package io.wattle.runtime.embed;

import io.wattle.runtime.Component;
import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.wasi.Wasi;
import io.wattle.runtime.wasi.WasiOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A place for plugins in a Java program: one engine, its memory budget, and the threads that guests
 * run on. One for each program is enough. Thread-safe.
 */
public final class Embedding implements AutoCloseable {
  private final CoreEngine engine;
  private final ComponentRuntime runtime;
  private final GuestThreads threads = new GuestThreads(GuestThreads.STACK_BYTES);

  private volatile boolean closed;

  private Embedding(EngineOptions options) {
    engine = Engines.endive(options);
    runtime = ComponentRuntime.on(engine);
  }

  /**
   * With half of the heap for guests and no cache on disk; plugins are interpreted until they are
   * compiled in the background.
   */
  public static Embedding open() {
    return open(EngineOptions.defaults().withExecution(EngineOptions.Execution.TIERED));
  }

  /** With these options: a memory budget, a directory for compiled modules, a meter registry. */
  public static Embedding open(EngineOptions options) {
    return new Embedding(options);
  }

  /**
   * Loads a component that gets these interfaces, and of WASI what does no harm: clocks, random
   * numbers, an empty environment, output that is discarded; no files, no network.
   *
   * @throws IOException when the file cannot be read
   * @throws InvalidComponentException when it is no component that can run here; the message says
   *     where and why
   * @throws LinkException when it imports something that neither has; the message names it
   */
  public Plugin load(Path file, HostInterface... given)
      throws IOException, InvalidComponentException, LinkException {
    HostInterfaces all = Wasi.interfaces(WasiOptions.builder().build()).plus(List.of(given));
    return load(Files.readAllBytes(file), all, LinkOptions.DEFAULT);
  }

  /**
   * Loads a component that gets exactly these interfaces, within these limits.
   *
   * @throws InvalidComponentException when it is no component that can run here
   * @throws LinkException when it imports something else
   */
  public Plugin load(byte[] wasm, HostInterfaces given, LinkOptions options)
      throws InvalidComponentException, LinkException {
    if (closed) {
      throw new IllegalStateException("the embedding was closed");
    }
    Component component = runtime.load(wasm);
    return new Plugin(
        new GuestComponent(runtime.link(component, Imports.of(given), options), threads));
  }

  /** Ends everything; plugins that run are stopped. */
  @Override
  public void close() {
    closed = true;
    threads.close();
    runtime.close();
    engine.close();
  }
}

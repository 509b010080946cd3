package io.wattle.benchmarks;

import io.wattle.runtime.embed.Embedding;
import io.wattle.runtime.embed.Plugin;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Memory;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.Instance;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

/**
 * Runs kernels in a JVM of its own, as it is told: each line of its input is an export and how
 * often its work is to be done, and is answered with the processor time in nanoseconds that all
 * threads with Java code took for it (those that compile are not among them), and its result.
 */
final class Kernels {
  /** What runs the kernels. */
  enum Engine {
    /** Ours, memories in pages that are shared until written. */
    PAGES,
    /** Ours, flat memories. */
    FLAT,
    /** Ours, flat memories that are reset: what a hot component has in a host. */
    HOT,
    /** Endive as it comes: its own memory, no checks of ours. */
    ENDIVE,
    /** Exports of a component, by ours with memories in pages. */
    COMPONENT_PAGES,
    /** The same with flat memories. */
    COMPONENT_FLAT,
    /** The same with flat memories that are reset. */
    COMPONENT_HOT
  }

  /** Does the work of an export that many times. */
  @FunctionalInterface
  private interface Kernel {
    long run(String name, int times) throws Exception;
  }

  private Kernels() {}

  /**
   * Expects an {@link Engine} and a file.
   *
   * @throws Exception what the guest did
   */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[1]);
    switch (Engine.valueOf(args[0])) {
      case PAGES -> module(cold(), file);
      case FLAT -> module(EngineOptions.defaults().withMemory(Memory.FLAT), file);
      case HOT -> hot(file);
      case ENDIVE -> {
        WasmModule module = Parser.parse(file);
        Instance guest =
            Instance.builder(module)
                .withMachineFactory(MachineFactoryCompiler.compile(module))
                .withMemoryFactory(ByteArrayMemory::new)
                .build();
        serve((name, times) -> guest.export(name).apply(times)[0]);
      }
      case COMPONENT_PAGES -> component(cold(), file);
      case COMPONENT_FLAT -> component(EngineOptions.defaults().withMemory(Memory.FLAT), file);
      case COMPONENT_HOT -> component(EngineOptions.defaults().withHotAfter(1), file);
    }
  }

  private static EngineOptions cold() {
    return EngineOptions.defaults().withHotAfter(0);
  }

  private static void module(EngineOptions options, Path file) throws Exception {
    try (CoreEngine engine = Engines.endive(options);
        var store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance guest =
          store.instantiate(engine.compile(Files.readAllBytes(file)), CoreImports.NONE);
      serve((name, times) -> function(guest, name).call(times)[0]);
    }
  }

  /** An instance that was made after its module had become hot. */
  private static void hot(Path file) throws Exception {
    try (CoreEngine engine = Engines.endive(EngineOptions.defaults().withHotAfter(1));
        CoreStore first = engine.newStore(StoreLimits.DEFAULT)) {
      CoreModule module = engine.compile(Files.readAllBytes(file));
      first.instantiate(module, CoreImports.NONE);
      CoreSnapshot snapshot = first.snapshot();
      Instant deadline = Instant.now().plusSeconds(60);
      while (Instant.now().isBefore(deadline)) {
        try (CoreStore store = engine.newStore(StoreLimits.DEFAULT, engine.memory(), snapshot, 1)) {
          if (store.isDear()) {
            CoreInstance guest = store.instantiate(module, CoreImports.NONE);
            serve((name, times) -> function(guest, name).call(times)[0]);
            return;
          }
        }
        Thread.sleep(10);
      }
      throw new IllegalStateException("no flat memory after a minute");
    }
  }

  private static void component(EngineOptions options, Path file) throws Exception {
    try (Embedding runtime = Embedding.open(options);
        Plugin guest = runtime.load(file)) {
      serve(
          (name, times) ->
              guest.call(Duration.ofMinutes(5), name, (long) times) instanceof Long result
                  ? result
                  : 0);
    }
  }

  private static CoreFunction function(CoreInstance guest, String name) {
    return guest.export(name) instanceof CoreFunction function ? function : missing(name);
  }

  private static CoreFunction missing(String name) {
    throw new IllegalArgumentException(name + " (expected: a function that the module exports)");
  }

  private static void serve(Kernel kernel) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 2);
      long before = processorTime();
      long result = kernel.run(words[0], Integer.parseInt(words[1]));
      Children.say(processorTime() - before + " " + (int) result);
    }
  }

  /** Of all threads that Java knows, in nanoseconds. */
  private static long processorTime() throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long id : threads.getAllThreadIds()) {
      sum += Math.max(0, threads.getThreadCpuTime(id));
    }
    return sum;
  }
}

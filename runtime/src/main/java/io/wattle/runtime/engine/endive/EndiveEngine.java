package io.wattle.runtime.engine.endive;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.engine.MemoryBudget;
import io.wattle.runtime.engine.StoreLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.endive.wasm.MalformedException;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;

/** The engine on Endive. */
public final class EndiveEngine implements CoreEngine {
  private static final Logger log = LoggerFactory.getLogger(EndiveEngine.class);
  private final EngineOptions options;
  private final MemoryBudget budget;
  private final @Nullable ModuleCache cache;
  private final Timer compilations;
  private final Timer cacheLoads;
  private final Timer instantiations;
  private final Counter rejected;

  /** Components share modules (adapters, shims): each is kept once as long as anyone uses it. */
  private final Map<String, WeakReference<EndiveModule>> known = new ConcurrentHashMap<>();

  public EndiveEngine(EngineOptions options) {
    this.options = options;
    this.budget = new MemoryBudget(options.memoryBudgetBytes());
    this.cache = openCache(options);
    MeterRegistry meters = options.meters();
    compilations =
        Timer.builder("wattle.engine.compile")
            .description("Compiling a core module to JVM classes")
            .register(meters);
    cacheLoads =
        Timer.builder("wattle.engine.cache.load")
            .description("Loading a compiled core module from disk")
            .register(meters);
    instantiations =
        Timer.builder("wattle.engine.instantiate")
            .description("Making a core instance, start function included")
            .register(meters);
    rejected =
        Counter.builder("wattle.engine.modules.rejected")
            .description("Core modules that are invalid or not supported")
            .register(meters);
    Gauge.builder("wattle.engine.memory.used", budget, MemoryBudget::used)
        .description("What guests hold of the memory budget")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("wattle.engine.memory.budget", budget, MemoryBudget::capacity)
        .description("What all guests together may hold")
        .baseUnit("bytes")
        .register(meters);
  }

  /** Compiling takes much heap: as many at a time as there are processors. */
  private final Semaphore compiling = new Semaphore(Runtime.getRuntime().availableProcessors());

  private static @Nullable ModuleCache openCache(EngineOptions options) {
    Path directory = options.cacheDirectory();
    if (directory == null || options.execution() == Execution.INTERPRETED) {
      return null;
    }
    try {
      return new ModuleCache(directory, options.cacheBytes(), InstantSource.system());
    } catch (IOException e) {
      log.warn("compiled modules are not kept: {} cannot be used: {}", directory, e.toString());
      return null;
    }
  }

  @Override
  public CoreModule compile(byte[] wasm) throws InvalidModuleException {
    String digest = Hashes.sha256(wasm);
    EndiveModule module = known(digest);
    if (module != null) {
      return module;
    }
    compiling.acquireUninterruptibly();
    try {
      module = known(digest);
      if (module == null) {
        module = prepare(wasm, digest);
        module.describe(wasm);
        known.values().removeIf(reference -> reference.refersTo(null));
        known.put(digest, new WeakReference<>(module));
      }
      return module;
    } finally {
      compiling.release();
    }
  }

  private @Nullable EndiveModule known(String digest) {
    WeakReference<EndiveModule> before = known.get(digest);
    return before == null ? null : before.get();
  }

  private EndiveModule prepare(byte[] wasm, String digest) throws InvalidModuleException {
    try {
      EndiveModule cached = fromCache(digest);
      return cached != null ? cached : fromBinary(wasm, digest);
    } catch (InvalidModuleException e) {
      rejected.increment();
      throw e;
    } catch (WasmEngineException e) {
      rejected.increment();
      throw new InvalidModuleException(
          "core module: " + e.getMessage(), e, e instanceof MalformedException);
    } catch (StackOverflowError e) {
      rejected.increment();
      throw new InvalidModuleException("core module: nested too deeply to be compiled", e);
    } catch (RuntimeException | AssertionError e) {
      // Endive's parser meets some malformed input with whatever Java throws there.
      rejected.increment();
      throw new InvalidModuleException("core module: cannot be compiled: " + e, e);
    }
  }

  private EndiveModule fromBinary(byte[] wasm, String digest) throws InvalidModuleException {
    Timer.Sample sample = Timer.start(options.meters());
    ModuleCounts.check(wasm);
    WasmModule module = ModuleParser.parse(wasm);
    ModuleRules.check(module);
    if (options.execution() == Execution.INTERPRETED) {
      return new EndiveModule(module, digest, null, true);
    }
    ModuleCompiler.Compiled compiled = ModuleCompiler.compile(module);
    Set<Integer> interpreted = compiled.interpreted();
    if (cache != null) {
      int imported = module.importSection().count(ExternalType.FUNCTION);
      byte[] stripped = ModuleStripper.strip(wasm, interpreted, imported);
      cache.store(key(digest), new ModuleCache.Entry(stripped, interpreted, compiled.classes()));
    }
    sample.stop(compilations);
    return load(module, digest, interpreted, compiled.classes());
  }

  private @Nullable EndiveModule fromCache(String digest) {
    if (cache == null) {
      return null;
    }
    Timer.Sample sample = Timer.start(options.meters());
    ModuleCache.Entry entry = cache.load(key(digest));
    if (entry == null) {
      return null;
    }
    WasmModule module =
        Parser.builder()
            .withValidation(false)
            .build()
            .parse(() -> new ByteArrayInputStream(entry.stripped()));
    EndiveModule loaded = load(module, digest, entry.interpreted(), entry.classes());
    sample.stop(cacheLoads);
    return loaded;
  }

  private static EndiveModule load(
      WasmModule module, String digest, Set<Integer> interpreted, Map<String, byte[]> classes) {
    return new EndiveModule(
        ModuleStripper.strip(module, interpreted),
        digest,
        ModuleCompiler.load(classes, digest),
        !interpreted.isEmpty());
  }

  private static String key(String digest) {
    return String.join(
        " ",
        digest,
        "endive",
        ModuleCompiler.ENDIVE,
        "pass",
        Integer.toString(GuardPass.VERSION),
        "jdk",
        Runtime.version().toString());
  }

  @Override
  public MemoryBudget memory() {
    return budget;
  }

  @Override
  public CoreStore newStore(
      StoreLimits limits, MemoryBudget memory, @Nullable CoreSnapshot snapshot) {
    return switch (snapshot) {
      case null -> new EndiveStore(limits, memory, instantiations, null);
      case EndiveSnapshot ours -> new EndiveStore(limits, memory, instantiations, ours);
      default -> throw new IllegalArgumentException("snapshot: taken by another engine");
    };
  }

  @Override
  public void close() {
    known.clear();
  }
}

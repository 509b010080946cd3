package io.wattle.runtime.engine.endive;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.wattle.runtime.debug.GuestDebug;
import io.wattle.runtime.engine.CodeState;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.engine.MemoryBudget;
import io.wattle.runtime.engine.StoreLimits;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.endive.wasm.MalformedException;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;

/** The engine on Endive. */
public final class EndiveEngine implements CoreEngine {
  private static final Logger log = LoggerFactory.getLogger(EndiveEngine.class);

  /** Modules with second code at a time: each has classes, profiles and JVM code twice. */
  private static final int MAX_SECOND = 256;

  private final EngineOptions options;
  private final MemoryKind kind;

  /** Null when all stores are of one kind. */
  private final @Nullable FlatRoom room;

  private final MemoryBudget budget;
  private final Translator translator;
  private final Background background;
  private final Timer instantiations;
  private final Counter rejected;

  /** Components share modules (adapters, shims): each is kept once as long as anyone uses it. */
  private final Map<String, WeakReference<EndiveModule>> known = new ConcurrentHashMap<>();

  /** One for each module that is being prepared: who wants the same one waits. */
  private final Map<String, ReentrantLock> preparing = new ConcurrentHashMap<>();

  public EndiveEngine(EngineOptions options) {
    this(options, MemoryKind.of(options.memory()), System::nanoTime);
  }

  /**
   * @param kind of memories, unless a snapshot is hot
   * @param clock in nanoseconds from anywhere
   */
  EndiveEngine(EngineOptions options, MemoryKind kind, LongSupplier clock) {
    this.options = options;
    this.kind = kind;
    this.budget = new MemoryBudget(options.memoryBudgetBytes());
    MeterRegistry meters = options.meters();
    boolean choosing =
        kind == MemoryKind.PAGED
            && options.hotAfter() > 0
            && options.execution() != Execution.INTERPRETED;
    this.translator = new Translator(meters, openCache(options), kind, choosing);
    this.background = new Background(options.compiler());
    FlatRoom arrays =
        choosing ? new FlatRoom(budget, options.hotAfter(), clock, this::makeSecond) : null;
    this.room = arrays;
    instantiations =
        Timer.builder("wattle.engine.instantiate")
            .description("Making a core instance, start function included")
            .register(meters);
    rejected =
        Counter.builder("wattle.engine.modules.rejected")
            .description("Core modules that are invalid or not supported")
            .register(meters);
    for (CodeState state : CodeState.values()) {
      Gauge.builder("wattle.engine.modules", known, modules -> count(modules, state))
          .description("Core modules, by how their functions run")
          .tag("code", state.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
    Gauge.builder("wattle.engine.modules.second", known, EndiveEngine::countSecond)
        .description("Core modules that are hot and have code for flat memories too")
        .register(meters);
    Gauge.builder("wattle.engine.memory.flat", () -> arrays == null ? 0 : arrays.used())
        .description("What flat memories of hot components hold of the memory budget")
        .baseUnit("bytes")
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

  private static double count(Map<String, WeakReference<EndiveModule>> modules, CodeState state) {
    return modules.values().stream()
        .map(WeakReference::get)
        .filter(module -> module != null && module.code() == state)
        .count();
  }

  private static double countSecond(Map<String, WeakReference<EndiveModule>> modules) {
    return modules.values().stream()
        .map(WeakReference::get)
        .filter(module -> module != null && module.hasSecond())
        .count();
  }

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
    ReentrantLock lock = preparing.computeIfAbsent(digest, _ -> new ReentrantLock());
    lock.lock();
    try {
      module = known(digest);
      if (module == null) {
        module = counted(wasm, digest);
        known.values().removeIf(reference -> reference.refersTo(null));
        known.put(digest, new WeakReference<>(module));
      }
      return module;
    } finally {
      preparing.remove(digest, lock);
      lock.unlock();
    }
  }

  private EndiveModule counted(byte[] wasm, String digest) throws InvalidModuleException {
    try {
      return described(wasm, digest);
    } catch (InvalidModuleException e) {
      rejected.increment();
      throw e;
    }
  }

  private EndiveModule described(byte[] wasm, String digest) throws InvalidModuleException {
    EndiveModule module;
    try {
      module = prepare(wasm, digest, AddressTypes.OF_32);
      module.describe(GuestDebug.read(wasm));
    } catch (InvalidModuleException e) {
      Optional<Narrowing> narrow = checked(() -> Narrowing.of(wasm));
      module = narrow.isPresent() ? narrowed(narrow.get()) : mended(wasm, e);
      module.standFor(digest);
    }
    return module;
  }

  /** A module in the way that Endive takes it. */
  private EndiveModule mended(byte[] wasm, InvalidModuleException refusal)
      throws InvalidModuleException {
    byte[] mended = ModuleMender.mend(wasm);
    if (mended == null) {
      throw MissingFeature.explain(wasm, refusal);
    }
    EndiveModule module = prepare(mended, Hashes.sha256(mended), AddressTypes.OF_32);
    module.describe(GuestDebug.read(mended));
    return module;
  }

  /** Without what Endive has not, and mended too if need be. */
  private EndiveModule narrowed(Narrowing narrow) throws InvalidModuleException {
    byte[] taken = narrow.wasm();
    EndiveModule module;
    try {
      module = prepare(taken, Hashes.sha256(taken), narrow.addressTypes());
    } catch (InvalidModuleException e) {
      byte[] mended = ModuleMender.mend(taken);
      if (mended == null) {
        throw MissingFeature.explain(taken, e);
      }
      taken = mended;
      module = prepare(mended, Hashes.sha256(mended), narrow.addressTypes());
    }
    module.describe(GuestDebug.read(taken, narrow.moves()::of));
    return module;
  }

  private @Nullable EndiveModule known(String digest) {
    WeakReference<EndiveModule> before = known.get(digest);
    return before == null ? null : before.get();
  }

  private EndiveModule prepare(byte[] wasm, String digest, AddressTypes types)
      throws InvalidModuleException {
    return checked(
        () -> {
          ModuleCode cached = translator.fromDisk(digest);
          return cached != null
              ? new EndiveModule(digest, cached, types)
              : fromBinary(wasm, digest, types);
        });
  }

  @FunctionalInterface
  private interface Step<T> {
    T run() throws InvalidModuleException;
  }

  /** Whatever is wrong with a module is said in one way. */
  private static <T> T checked(Step<T> step) throws InvalidModuleException {
    try {
      return step.run();
    } catch (WasmEngineException e) {
      throw new InvalidModuleException(
          "core module: " + e.getMessage(), e, e instanceof MalformedException);
    } catch (StackOverflowError e) {
      throw new InvalidModuleException("core module: nested too deeply to be compiled", e);
    } catch (RuntimeException | AssertionError e) {
      throw new InvalidModuleException("core module: cannot be compiled: " + e, e);
    }
  }

  private EndiveModule fromBinary(byte[] wasm, String digest, AddressTypes types)
      throws InvalidModuleException {
    return switch (options.execution()) {
      case INTERPRETED -> new EndiveModule(digest, ModuleCode.interpreted(parse(wasm)), types);
      case COMPILED -> compiled(wasm, digest, types);
      case TIERED ->
          // Where many wait already, the loader waits too: they would fill the heap.
          background.hasRoom(wasm.length)
              ? tiered(wasm, digest, types)
              : compiled(wasm, digest, types);
    };
  }

  private static WasmModule parse(byte[] wasm) throws InvalidModuleException {
    boolean namesFit = ModuleCounts.check(wasm);
    DeclarationRules.check(wasm);
    WasmModule module;
    try {
      module = namesFit ? ModuleParser.parse(wasm) : ModuleParser.parsePlain(wasm);
    } catch (WasmEngineException e) {
      throw e;
    } catch (RuntimeException e) {
      throw ParserFailure.explain(e);
    }
    FunctionEnds.check(wasm, module);
    ModuleRules.check(module);
    return module;
  }

  private EndiveModule compiled(byte[] wasm, String digest, AddressTypes types)
      throws InvalidModuleException {
    translator.enter();
    try {
      return new EndiveModule(
          digest, translator.translate(parse(wasm), wasm, digest, () -> {}), types);
    } finally {
      translator.leave();
    }
  }

  private EndiveModule tiered(byte[] wasm, String digest, AddressTypes types)
      throws InvalidModuleException {
    WasmModule module = parse(wasm);
    if (!Interpretable.check(module)) {
      return compiled(wasm, digest, types);
    }
    Compilation compilation = new Compilation(digest, wasm, background, this::inBackground);
    EndiveModule made =
        new EndiveModule(digest, ModuleCode.interpreted(module), types, compilation);
    compilation.begin(made);
    return made;
  }

  private ModuleCode inBackground(
      ModuleCode interpreted, byte[] wasm, String digest, Runnable check) {
    translator.enter();
    try {
      check.run();
      return translator.translate(interpreted.module(), wasm, digest, check);
    } finally {
      translator.leave();
    }
  }

  /** Behind all that waits to be compiled; not at all if nobody has the module by then. */
  private void makeSecond(EndiveModule module) {
    if (countSecond(known) < MAX_SECOND && module.askForSecond()) {
      WeakReference<EndiveModule> asked = new WeakReference<>(module);
      background.later(
          () -> {
            EndiveModule wanted = asked.get();
            if (wanted != null) {
              addSecond(wanted);
            }
          });
    }
  }

  private void addSecond(EndiveModule module) {
    try {
      ModuleCode code = translator.second(module.running(), module.key());
      if (code == null) {
        log.debug("module {} is hot, but its classes are gone: it stays in pages", module.digest());
      } else {
        module.addSecond(code);
        log.debug("module {} is hot and has code for flat memories", module.digest());
      }
    } catch (RuntimeException | Error e) { // for want of memory
      log.warn("module {} stays in pages: it got no second code", module.digest(), e);
    }
  }

  @Override
  public MemoryBudget memory() {
    return budget;
  }

  @Override
  public CoreStore newStore(
      StoreLimits limits, MemoryBudget memory, @Nullable CoreSnapshot snapshot, int kept) {
    return switch (snapshot) {
      case null -> new EndiveStore(kind, limits, memory, instantiations, room, null, kept);
      case EndiveSnapshot ours -> {
        FlatShare share = ours.share;
        MemoryKind chosen = share != null && share.take(kept) ? MemoryKind.MARKED : kind;
        yield new EndiveStore(chosen, limits, memory, instantiations, room, ours, kept);
      }
      default -> throw new IllegalArgumentException("snapshot: taken by another engine");
    };
  }

  @Override
  public void close() {
    known.values().stream()
        .map(WeakReference::get)
        .flatMap(Stream::ofNullable)
        .forEach(EndiveModule::giveUp);
    background.close();
    known.clear();
  }
}

package io.wattle.runtime.engine.endive;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;

/** Compiled code for modules: from disk if it is there, else from the compiler and then to disk. */
final class Translator {
  private static final Logger log = LoggerFactory.getLogger(Translator.class);
  private final MeterRegistry meters;
  private final @Nullable ModuleCache cache;
  private final MemoryKind kind;
  private final boolean keepsClasses;
  private final Timer compilations;
  private final Timer cacheLoads;

  /** Compiling takes much heap: as many at a time as there are processors. */
  private final Semaphore compiling = new Semaphore(Runtime.getRuntime().availableProcessors());

  /**
   * @param kind of the memories that code is made for
   * @param hasSecond whether it is asked for second code too
   */
  Translator(
      MeterRegistry meters, @Nullable ModuleCache cache, MemoryKind kind, boolean hasSecond) {
    this.meters = meters;
    this.kind = kind;
    this.keepsClasses = hasSecond && cache == null;
    this.cache = cache;
    compilations =
        Timer.builder("wattle.engine.compile")
            .description("Compiling a core module to JVM classes")
            .register(meters);
    cacheLoads =
        Timer.builder("wattle.engine.cache.load")
            .description("Loading a compiled core module from disk")
            .register(meters);
  }

  /** What was compiled before, null when it was not or is of no use. */
  @Nullable ModuleCode fromDisk(String digest) {
    if (cache == null) {
      return null;
    }
    Timer.Sample sample = Timer.start(meters);
    ModuleCache.Entry entry = cache.load(key(digest));
    if (entry == null) {
      return null;
    }
    try {
      // What the interpreter runs needs what the validator notes in it.
      WasmModule module = RelaxedParser.parse(entry.stripped(), !entry.interpreted().isEmpty());
      ModuleCode loaded = code(module, digest, entry.interpreted(), entry.classes());
      sample.stop(cacheLoads);
      return loaded;
    } catch (RuntimeException e) {
      log.warn("compiled module {} does not load and will be compiled again", digest, e);
      return null;
    }
  }

  /** Waits until there is room to compile; {@link #leave} must follow. */
  void enter() {
    compiling.acquireUninterruptibly();
  }

  void leave() {
    compiling.release();
  }

  /**
   * Compiles; between {@link #enter} and {@link #leave}.
   *
   * @param check runs now and then, and ends it by throwing
   */
  ModuleCode translate(WasmModule module, byte[] wasm, String digest, Runnable check) {
    Timer.Sample sample = Timer.start(meters);
    ModuleCompiler.Compiled compiled =
        ModuleCompiler.compile(module, kind == MemoryKind.FLAT, check);
    Set<Integer> interpreted = compiled.interpreted();
    if (cache != null) {
      int imported = module.importSection().count(ExternalType.FUNCTION);
      byte[] stripped = ModuleStripper.strip(wasm, interpreted, imported);
      cache.store(key(digest), new ModuleCache.Entry(stripped, interpreted, compiled.classes()));
    }
    sample.stop(compilations);
    return code(module, digest, interpreted, compiled.classes());
  }

  private ModuleCode code(
      WasmModule module, String digest, Set<Integer> interpreted, Map<String, byte[]> classes) {
    ModuleCode code =
        ModuleCode.compiled(
            module,
            digest,
            interpreted,
            kind == MemoryKind.MARKED ? SecondCode.of(classes) : classes);
    return keepsClasses ? code.keeping(classes) : code;
  }

  /**
   * Code for {@link MarkedMemory} of a module that has some for {@link PagedMemory}; null when its
   * classes are gone from disk, or from the heap where there is no disk.
   */
  @Nullable ModuleCode second(ModuleCode first, String digest) {
    Map<String, byte[]> classes;
    if (cache == null) {
      classes = first.classes() == null ? null : first.classes().get();
    } else {
      ModuleCache.Entry entry = cache.load(key(digest));
      classes = entry == null ? null : entry.classes();
    }
    return classes == null ? null : first.of(SecondCode.of(classes), digest);
  }

  /** Names everything that shapes the classes. */
  private String key(String digest) {
    return key(digest, kind == MemoryKind.FLAT);
  }

  /** The same, for code of that kind. */
  static String key(String digest, boolean isFlat) {
    return String.join(
        " ",
        digest,
        "endive",
        ModuleCompiler.ENDIVE,
        "pass",
        Integer.toString(GuardPass.VERSION),
        "memory",
        isFlat ? "flat" : "shared",
        "limit",
        Integer.toString(ModuleCompiler.LIMIT),
        "jdk",
        Runtime.version().toString());
  }
}

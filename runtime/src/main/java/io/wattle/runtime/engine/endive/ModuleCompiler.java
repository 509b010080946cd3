package io.wattle.runtime.engine.endive;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.wattle.runtime.engine.endive.split.Lowered;
import io.wattle.runtime.engine.endive.split.Splitter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.internal.ByteClassCollector;
import run.endive.compiler.internal.Compiler;
import run.endive.compiler.internal.CompilerResult;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/** From a parsed module to JVM classes, and from their bytes to a maker of machines. */
final class ModuleCompiler {
  private static final MethodType MAKER = MethodType.methodType(Machine.class, Instance.class);

  /** Part of the cache's key. */
  static final String ENDIVE = run.endive.wasm.Version.version();

  private ModuleCompiler() {}

  /**
   * Generated classes.
   *
   * @param classes their bytes by name
   * @param interpreted functions that stayed in Wasm because the JVM has no room for them
   */
  record Compiled(Map<String, byte[]> classes, Set<Integer> interpreted) {}

  /**
   * Estimated bytes above which a function is cut where HotSpot compiles no method over 8,000: what
   * is then still larger is cut again.
   */
  static final int LARGEST = 7600;

  /**
   * The same for functions with a large switch where HotSpot was told to compile huge methods:
   * below, the switch itself would have to be cut, and each of its ways would lead through several
   * calls (docs/decisions.md).
   */
  static final int LARGEST_WITH_SWITCH = 20_000;

  /**
   * The same for functions that do little else than compute with vectors: each vector is two to
   * four numbers, more of which would pass between pieces than there is room for, so that the
   * pieces would be small ones.
   */
  static final int LARGEST_WITH_VECTORS = 50_000;

  /** Ways out of a switch from which on it counts as large: those of an interpreter's loop. */
  private static final int LARGE_SWITCH = 64;

  /** What holds in this JVM for functions with a large switch: part of the cache's key. */
  static final int LIMIT = compilesHugeMethods() ? LARGEST_WITH_SWITCH : LARGEST;

  private static final int ATTEMPTS = 4;

  /**
   * Translates a module.
   *
   * @param isFlat whether for flat memories
   * @param check runs now and then, and ends it by throwing
   */
  static Compiled compile(WasmModule module, boolean isFlat, Runnable check) {
    if (LIMIT == LARGEST) {
      return compile(module, isFlat, LARGEST, check);
    }
    Lowered lowered = Lowered.of(module);
    int imported = module.importSection().count(ExternalType.FUNCTION);
    return compile(
        module,
        lowered,
        isFlat,
        function ->
            lowered.computing().contains(function)
                ? LARGEST_WITH_VECTORS
                : hasLargeSwitch(
                        lowered.module().codeSection().getFunctionBody(function - imported))
                    ? LARGEST_WITH_SWITCH
                    : LARGEST,
        false,
        check);
  }

  private static boolean hasLargeSwitch(FunctionBody body) {
    for (Instruction each : body.instructions()) {
      if (each.opcode() == OpCode.BR_TABLE && each.operandCount() >= LARGE_SWITCH) {
        return true;
      }
    }
    return false;
  }

  /**
   * Translates a module so that no method is over 8,000 bytes, if that can be.
   *
   * @param isFlat whether for flat memories
   * @param largest estimated bytes of bytecode above which a function is cut
   * @param check runs now and then, and ends it by throwing
   */
  static Compiled compile(WasmModule module, boolean isFlat, int largest, Runnable check) {
    return compile(module, Lowered.of(module), isFlat, function -> largest, true, check);
  }

  private static Compiled compile(
      WasmModule module,
      Lowered lowered,
      boolean isFlat,
      Splitter.Limit largest,
      boolean noneIsHuge,
      Runnable check) {
    Map<Integer, Integer> limits = new HashMap<>();
    for (int attempt = 1; ; attempt++) {
      Splitter.Limit limit =
          function -> {
            Integer changed = limits.get(function);
            return changed == null ? largest.of(function) : changed;
          };
      Splitter.Result split = Splitter.split(lowered, limit);
      check.run();
      Compiled compiled = translate(module, lowered, split, isFlat, check);
      Set<Integer> interpreted = new TreeSet<>();
      for (int function : compiled.interpreted) {
        interpreted.add(split.parts().getOrDefault(function, function));
      }
      Set<Integer> large = new TreeSet<>(interpreted);
      if (noneIsHuge) {
        compiled.classes.values().forEach(bytes -> large.addAll(tooLarge(bytes)));
      }
      boolean again = false;
      for (int function : large) {
        int before = limit.of(function);
        if (before <= 0) {
          continue;
        }
        if (attempt < ATTEMPTS && !split.left().containsKey(function)) {
          limits.put(function, before * 3 / 4);
          again = true;
        } else if (interpreted.contains(function) && split.parts().containsValue(function)) {
          // What the interpreter must run after all has to be as its author wrote it.
          limits.put(function, 0);
          again = true;
        }
      }
      if (!again) {
        return compiled;
      }
    }
  }

  private static boolean compilesHugeMethods() {
    HotSpotDiagnosticMXBean options =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    return options != null
        && !Boolean.parseBoolean(options.getVMOption("DontCompileHugeMethods").getValue());
  }

  /** Functions with a method that is too large, the author's where it is a part of one. */
  private static Set<Integer> tooLarge(byte[] bytes) {
    Set<Integer> functions = new TreeSet<>();
    DispatchPass.sizes(bytes)
        .forEach(
            (name, size) -> {
              if (size > GuardPass.HUGE && name.startsWith("func_")) {
                functions.add(Integer.parseInt(name.split("_", 3)[1]));
              }
            });
    return functions;
  }

  private static Compiled translate(
      WasmModule whole, Lowered lowered, Splitter.Result split, boolean isFlat, Runnable check) {
    FunctionReferences references = FunctionReferences.of(split.module());
    WasmModule module = references.module();
    boolean hasMemory =
        module.importSection().count(ExternalType.MEMORY) > 0
            || module.memorySection().map(m -> m.memoryCount() > 0).orElse(false);
    CompilerResult result =
        Compiler.builder(module)
            .withInterpreterFallback(InterpreterFallback.SILENT)
            .withClassCollectorFactory(
                () -> {
                  check.run();
                  return new ByteClassCollector();
                })
            .build()
            .compile();
    check.run();
    GuardPass pass =
        new GuardPass(
            Compiler.DEFAULT_CLASS_NAME,
            hasMemory,
            isFlat,
            hasTailCalls(whole),
            TrapPoints.of(whole, lowered, split).orElse(null),
            Unused.of(whole, lowered, split),
            lowered,
            split,
            references,
            AtHand.of(whole),
            whole.importSection().count(ExternalType.TABLE) > 0,
            function -> length(whole, function));
    return new Compiled(pass.apply(result.classBytes()), result.interpretedFunctions());
  }

  private static boolean hasTailCalls(WasmModule module) {
    for (FunctionBody body : module.codeSection().functionBodies()) {
      for (Instruction each : body.instructions()) {
        switch (each.opcode()) {
          case RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> {
            return true;
          }
          default -> {}
        }
      }
    }
    return false;
  }

  /** Instructions of a function, 0 for those that are imported or were added. */
  private static int length(WasmModule module, int function) {
    int index = function - module.importSection().count(ExternalType.FUNCTION);
    return index >= 0 && index < module.codeSection().functionBodyCount()
        ? module.codeSection().getFunctionBody(index).instructions().size()
        : 0;
  }

  /**
   * Makes a machine for an instance: {@code (Instance) -> Machine}. Defines and verifies all
   * classes now, so that no request waits for that.
   *
   * @param name of the module, by which its classes are known on Java's stack
   */
  static MethodHandle load(Map<String, byte[]> classes, String name) {
    try {
      GuestClassLoader loader = new GuestClassLoader(name, classes);
      for (String each : classes.keySet()) {
        Class.forName(each, true, loader);
      }
      Class<?> machine = loader.loadClass(Compiler.DEFAULT_CLASS_NAME);
      return MethodHandles.publicLookup()
          .findConstructor(machine, MethodType.methodType(void.class, Instance.class))
          .asType(MAKER);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException("generated classes do not load", e);
    }
  }

  /**
   * One for each module, so that its classes go when it goes. Not parallel capable: Java would keep
   * a lock for each name that was ever looked up here.
   */
  private static final class GuestClassLoader extends ClassLoader {
    private final Map<String, byte[]> classes;

    GuestClassLoader(String name, Map<String, byte[]> classes) {
      super(name, GuestClassLoader.class.getClassLoader());
      this.classes = new HashMap<>(classes);
    }

    /** Its own first: the parents would look for them in every archive of the class path. */
    @Override
    protected synchronized Class<?> loadClass(String name, boolean resolve)
        throws ClassNotFoundException {
      Class<?> own = findLoadedClass(name);
      if (own == null && classes.containsKey(name)) {
        own = findClass(name);
      }
      return own == null ? super.loadClass(name, resolve) : own;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = classes.remove(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}

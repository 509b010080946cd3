package io.wattle.runtime.engine.endive;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.internal.ByteClassCollector;
import run.endive.compiler.internal.Compiler;
import run.endive.compiler.internal.CompilerResult;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;

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
   * Translates a module.
   *
   * @param check runs now and then, and ends it by throwing
   */
  static Compiled compile(WasmModule module, Runnable check) {
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
        new GuardPass(Compiler.DEFAULT_CLASS_NAME, hasMemory, TrapPoints.of(module).orElse(null));
    return new Compiled(pass.apply(result.classBytes()), result.interpretedFunctions());
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

  /** One for each module, so that its classes go when it goes. */
  private static final class GuestClassLoader extends ClassLoader {
    static {
      registerAsParallelCapable();
    }

    private final Map<String, byte[]> classes;

    GuestClassLoader(String name, Map<String, byte[]> classes) {
      super(name, GuestClassLoader.class.getClassLoader());
      this.classes = new ConcurrentHashMap<>(classes);
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

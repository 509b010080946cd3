package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.Task;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreExtern;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.instance.Deadlines;
import io.wattle.runtime.wasi.GuestExit;
import io.wattle.runtime.wasi.WasiOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A core module, alone: a command on WASI preview 1, or a library of core functions. */
public final class CoreProgram {
  /** How long a guest gets to be stopped after its deadline before its caller gives up on it. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final String START = "_start";
  private static final String INITIALIZE = "_initialize";

  private final CoreEngine engine;
  private final CoreModule module;

  private CoreProgram(CoreEngine engine, CoreModule module) {
    this.engine = engine;
    this.module = module;
  }

  /** Whether a binary begins like a core module (core specification, section 5.5.16). */
  public static boolean isCoreModule(byte[] wasm) {
    return wasm.length >= 8
        && wasm[0] == 0
        && wasm[1] == 'a'
        && wasm[2] == 's'
        && wasm[3] == 'm'
        && wasm[4] == 1
        && wasm[5] == 0
        && wasm[6] == 0
        && wasm[7] == 0;
  }

  /**
   * Compiles a module and checks that its imports can be served.
   *
   * @throws InvalidModuleException when it is malformed or invalid
   * @throws LinkException naming the import that nothing serves
   */
  public static CoreProgram load(CoreEngine engine, byte[] wasm)
      throws InvalidModuleException, LinkException {
    CoreModule module = engine.compile(wasm);
    for (CoreModule.CoreImport needed : module.imports()) {
      if (!isServed(needed)) {
        throw new LinkException(missing(needed));
      }
    }
    return new CoreProgram(engine, module);
  }

  /** A module to look at: its imports may be such that nothing serves them. */
  public static CoreModule look(CoreEngine engine, byte[] wasm) throws InvalidModuleException {
    return engine.compile(wasm);
  }

  /** Who serves an import of a core module, in a few words. */
  public static String servedBy(CoreModule.CoreImport needed) {
    if (!isServed(needed)) {
      CoreExternType.Func known = known(needed);
      return known == null ? "nothing" : "nothing: " + otherType(needed, known);
    }
    return needed.name().startsWith("sock_")
        ? "WASI preview 1; it has the sockets that --tcplisten ADDR opens, and no others"
        : "WASI preview 1";
  }

  private static boolean isServed(CoreModule.CoreImport needed) {
    return needed.type().equals(known(needed));
  }

  /** The function of WASI that has the name of an import. */
  private static CoreExternType.@Nullable Func known(CoreModule.CoreImport needed) {
    return needed.module().equals(Preview1.MODULE) ? Preview1.FUNCTIONS.type(needed.name()) : null;
  }

  private static String otherType(CoreModule.CoreImport needed, CoreExternType.Func known) {
    return "WASI preview 1 has it as "
        + text(known)
        + (needed.type() instanceof CoreExternType.Func type
            ? ", and the module wants " + text(type)
            : ", a function, and the module wants something else");
  }

  private static String text(CoreExternType.Func type) {
    return (type.parameters() + " -> " + type.results()).toLowerCase(Locale.ROOT);
  }

  private static String missing(CoreModule.CoreImport needed) {
    String name = "import " + needed.module() + "::" + needed.name() + ": ";
    if (needed.type() instanceof CoreExternType.Memory memory && memory.shared()) {
      return name + "a shared memory (threads proposal) is not supported";
    }
    return switch (needed.module()) {
      case Preview1.MODULE -> {
        CoreExternType.Func known = known(needed);
        yield name
            + (known == null ? "WASI preview 1 has no such function" : otherType(needed, known));
      }
      case "wasi_unstable" ->
          name + "preview 0 of WASI is not served (expected: " + Preview1.MODULE + "); rebuild it";
      case "env" ->
          name + "nothing serves it: the module was linked with symbols that are not defined";
      default ->
          name
              + "nothing serves it for a core module; make it a component"
              + " (wasm-tools component new), whose imports can be linked";
    };
  }

  /** The functions it exports, by name. */
  public Map<String, CoreExternType.Func> functions() {
    Map<String, CoreExternType.Func> functions = new LinkedHashMap<>();
    for (CoreModule.CoreExport export : module.exports()) {
      if (export.type() instanceof CoreExternType.Func type) {
        functions.put(export.name(), type);
      }
    }
    return functions;
  }

  /** SHA-256 of the binary, lower-case hex. */
  public String digest() {
    return module.digest();
  }

  /** What it imports, as {@code module::name}. */
  public List<String> imports() {
    return module.imports().stream().map(each -> each.module() + "::" + each.name()).toList();
  }

  /** Whether it can be run. */
  public boolean isCommand() {
    return functions().containsKey(START);
  }

  /**
   * Runs it as a command, in a new instance.
   *
   * @return its exit code
   * @throws TrapException when it trapped, was stopped or hit a limit
   */
  public int run(Task task, WasiOptions options, StoreLimits limits, GuestThreads threads)
      throws InterruptedException {
    try {
      var _ = call(task, options, limits, threads, START);
      return 0;
    } catch (TrapException e) {
      if (e.getCause() instanceof GuestExit exit) {
        return exit.code();
      }
      throw e;
    }
  }

  /**
   * Calls an exported function, in a new instance whose {@code _initialize} has run.
   *
   * @param arguments as {@link CoreFunction} has them
   * @throws TrapException when it trapped, was stopped or hit a limit
   */
  public long[] call(
      Task task,
      WasiOptions options,
      StoreLimits limits,
      GuestThreads threads,
      String function,
      long... arguments)
      throws InterruptedException {
    CompletableFuture<long[]> results =
        CompletableFuture.supplyAsync(
            () -> callHere(task, options, limits, function, arguments), threads::execute);
    try {
      long left = Math.clamp(task.deadline().nanosLeft(), 0, Long.MAX_VALUE - GRACE_NANOS);
      return results.get(left + GRACE_NANOS, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel("the deadline passed");
      throw new TrapException(
          TrapException.Kind.DEADLINE, "the deadline passed and the guest did not stop", e);
    } catch (InterruptedException e) {
      task.cancel("its caller was interrupted");
      throw e;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /** WASI for one instance, whose start function may call it already. */
  private record Wasi(Instance instance) implements CoreImports {
    @Override
    public CoreExtern get(String from, String name) {
      return Preview1.FUNCTIONS.bind(name, instance);
    }

    @Override
    public void linked(CoreInstance guest) {
      if (guest.export("memory") instanceof CoreMemory memory) {
        instance.memory(memory);
      }
    }
  }

  private long[] callHere(
      Task task, WasiOptions options, StoreLimits limits, String function, long[] arguments) {
    try (Deadlines deadlines = new Deadlines();
        CoreStore store = engine.newStore(limits);
        Instance instance = new Instance(task, options)) {
      task.onCancel(
          () -> store.stop(TrapException.Kind.CANCELLED, "cancelled: " + task.cancelReason()));
      var _ =
          deadlines.after(
              Math.max(0, task.deadline().nanosLeft()),
              () -> store.stop(TrapException.Kind.DEADLINE, "the deadline passed"));
      CoreInstance guest = store.instantiate(module, new Wasi(instance));
      if (guest.export(INITIALIZE) instanceof CoreFunction initialize && !function.equals(START)) {
        var _ = initialize.call();
      }
      if (guest.export(function) instanceof CoreFunction code) {
        return code.call(arguments);
      }
      throw new IllegalArgumentException(
          "function: " + function + " (expected: one of " + functions().keySet() + ")");
    }
  }
}

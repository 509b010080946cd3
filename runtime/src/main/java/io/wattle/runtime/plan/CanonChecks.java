package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.abi.Codecs;
import io.wattle.runtime.abi.PointerType;
import io.wattle.runtime.binary.CanonOptions;
import io.wattle.runtime.binary.Definition;
import io.wattle.runtime.binary.Sort;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.wit.type.FunctionType;
import java.util.List;

/** Checks the options of canonical definitions (CanonicalABI.md, "canonopt Validation"). */
final class CanonChecks {
  private final Scope scope;

  CanonChecks(Scope scope) {
    this.scope = scope;
  }

  /** What the options are for. */
  sealed interface Use {}

  /** Of a function whose core type is {@code core}. */
  record Lifting(FunctionType type, CoreExternType.Func core) implements Use {}

  /** Of a function. */
  record Lowering(FunctionType type) implements Use {}

  /** Of a built-in that may be called only synchronously, or not. */
  record Builtin(String name, boolean asyncAllowed) implements Use {}

  Step.Options check(
      Definition d, CanonOptions options, boolean needsMemory, boolean needsRealloc, Use use)
      throws InvalidComponentException {
    int callback = checkAsync(d, options, use);
    int memory = memory(d, options, needsMemory);
    int realloc = -1;
    Integer index = options.realloc();
    if (index != null) {
      realloc = function(d, "realloc", index, CoreTypes.realloc(pointer(d, options)));
    } else if (needsRealloc) {
      throw Invalid.at(d, "canonical option `realloc` is required");
    }
    int postReturn = -1;
    index = options.postReturn();
    if (index != null) {
      postReturn =
          switch (use) {
            case Lifting lifting ->
                function(
                    d,
                    "post-return",
                    index,
                    new CoreExternType.Func(lifting.core().results(), List.of()));
            case Lowering lowering -> throw notFor(d, "post-return", "lowerings");
            case Builtin builtin -> throw notFor(d, "post-return", "`" + builtin.name() + "`");
          };
    }
    return new Step.Options(
        memory,
        realloc,
        postReturn,
        options.async(),
        callback,
        options.encoding(),
        pointer(d, options));
  }

  private static InvalidComponentException notFor(Definition d, String option, String what) {
    return Invalid.at(d, "canonical option `" + option + "` cannot be specified for " + what);
  }

  /** The callback, -1 if there is none. */
  private int checkAsync(Definition d, CanonOptions options, Use use)
      throws InvalidComponentException {
    Integer callback = options.callback();
    if (options.async()) {
      boolean allowed =
          switch (use) {
            case Lifting lifting -> lifting.type().async();
            case Lowering lowering -> lowering.type().async();
            case Builtin builtin -> builtin.asyncAllowed();
          };
      if (!allowed) {
        throw use instanceof Builtin builtin
            ? notFor(d, "async", "`" + builtin.name() + "`")
            : Invalid.at(d, "the `async` canonical option requires an async function type");
      }
      if (options.postReturn() != null) {
        throw Invalid.at(d, "canonical option `post-return` cannot be specified with `async`");
      }
    } else if (callback != null) {
      throw Invalid.at(d, "canonical option `callback` requires `async` to also be specified");
    }
    if (callback != null) {
      if (!(use instanceof Lifting)) {
        throw notFor(d, "callback", "anything but lifting");
      }
      return function(d, "callback", callback, CoreTypes.CALLBACK);
    }
    return -1;
  }

  private int memory(Definition d, CanonOptions options, boolean needed)
      throws InvalidComponentException {
    Integer index = options.memory();
    if (index != null) {
      return memory(d, index);
    }
    if (options.realloc() != null) {
      throw Invalid.at(d, "canonical option `realloc` requires `memory` to also be specified");
    }
    if (needed) {
      throw Invalid.at(d, "canonical option `memory` is required");
    }
    return -1;
  }

  int memory(Definition d, int index) throws InvalidComponentException {
    Item.Core core = CoreDefinitions.core(d, Sort.CORE_MEMORY, index, scope);
    if (core.type() instanceof CoreExternType.Memory m && m.shared()) {
      throw Invalid.unsupported(d, "a shared memory as canonical option is not supported");
    }
    return extern(core);
  }

  /** The type of pointers into a memory. */
  PointerType pointer(Definition d, int memory) throws InvalidComponentException {
    Item.Core core = CoreDefinitions.core(d, Sort.CORE_MEMORY, memory, scope);
    return core.type() instanceof CoreExternType.Memory m && m.memory64()
        ? PointerType.I64
        : PointerType.I32;
  }

  /** The type of pointers into the memory that is given, if one is. */
  PointerType pointer(Definition d, CanonOptions options) throws InvalidComponentException {
    Integer memory = options.memory();
    return memory == null ? PointerType.I32 : pointer(d, memory);
  }

  /** What the options say of the guest's memory. */
  Codecs.Layout layout(Definition d, CanonOptions options) throws InvalidComponentException {
    return new Codecs.Layout(options.encoding(), pointer(d, options));
  }

  private int function(Definition d, String option, int index, CoreExternType.Func wanted)
      throws InvalidComponentException {
    Item.Core core = CoreDefinitions.core(d, Sort.CORE_FUNC, index, scope);
    if (!core.type().equals(wanted)) {
      throw Invalid.at(
          d,
          "canonical option `"
              + option
              + "` uses a core function with an incorrect signature: "
              + CoreTypes.show(core.type())
              + " (expected: "
              + CoreTypes.show(wanted)
              + ")");
    }
    return extern(core);
  }

  private int extern(Item.Core core) {
    return scope.plan == null ? -1 : scope.plan.extern(core.ref());
  }
}

package io.wattle.runtime.plan;

import io.wattle.runtime.abi.FunctionCodec;
import io.wattle.runtime.binary.AsyncOp;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.wit.type.ResourceType;
import java.util.Map;

/** A step in building a component's graph. */
public sealed interface Step {
  /** Instantiates a core module as core instance {@code slot}. */
  record Instantiate(int slot, CoreModule module, Map<String, Map<String, CoreRef>> imports)
      implements Step {}

  /**
   * Makes the core function {@code slot} that calls a component-level function for the component
   * instance {@code caller}.
   */
  record Lower(int slot, FuncRef target, FunctionCodec codec, Options options, int caller)
      implements Step {}

  /** Makes the core function {@code slot} that is a built-in for a resource type. */
  record Resource(int slot, Builtin builtin, ResourceType type, int caller) implements Step {
    /** The type of the built-in. */
    public CoreExternType.Func coreType() {
      return builtin.coreType();
    }
  }

  /**
   * Makes the core function {@code slot} that is a built-in of the concurrency features.
   *
   * @param index the slot of {@code context.get} and {@code context.set}
   */
  record Async(int slot, AsyncOp op, CoreExternType.Func coreType, int index, int caller)
      implements Step {}

  /** What a component instance can do with a resource. */
  enum Builtin {
    NEW,
    DROP,
    REP;

    CoreExternType.Func coreType() {
      return this == DROP ? CoreTypes.I32_TO_NOTHING : CoreTypes.I32_TO_I32;
    }
  }

  /**
   * Options of a lift or lower: indices into {@link Plan#externs}, -1 where not given. The string
   * encoding is part of the codec.
   */
  record Options(int memory, int realloc, int postReturn) {}
}

package io.wattle.runtime.plan;

import io.wattle.runtime.abi.Codec;
import io.wattle.runtime.abi.FunctionCodec;
import io.wattle.runtime.abi.PointerType;
import io.wattle.runtime.binary.AsyncOp;
import io.wattle.runtime.binary.CanonOptions.Encoding;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.type.ValueType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step in building a component's graph. */
public sealed interface Step {
  /**
   * Instantiates a core module as core instance {@code slot} of a component instance.
   *
   * @param imports in the order of the module's
   */
  record Instantiate(int slot, CoreModule module, List<CoreRef> imports, int instance)
      implements Step {}

  /**
   * Makes the core function {@code slot} that calls a component-level function for the component
   * instance {@code caller}.
   *
   * @param async whether the called function's type is
   */
  record Lower(
      int slot,
      FuncRef target,
      boolean async,
      CoreExternType.Func coreType,
      FunctionCodec codec,
      Options options,
      int caller)
      implements Step {}

  /** Makes the core function {@code slot} that is a built-in for a resource type. */
  record Resource(int slot, Builtin builtin, ResourceType type, int caller) implements Step {
    /** The type of the built-in. */
    public CoreExternType.Func coreType() {
      return builtin.coreType();
    }
  }

  /** Makes the core function {@code slot} that is a built-in of the concurrency features. */
  record Async(int slot, AsyncOp op, CoreExternType.Func coreType, Operand operand, int caller)
      implements Step {}

  /** What a built-in of the concurrency features is made with. */
  sealed interface Operand {}

  /** Nothing. */
  record NoOperand() implements Operand {}

  /** Whether it is {@code async} or {@code cancellable}. */
  record Flag(boolean set) implements Operand {}

  /** The slot of {@code context.get} and {@code context.set}, and the type of its values. */
  record Slot(int index, CoreValueType type) implements Operand {}

  /**
   * Of {@code waitable-set.wait} and {@code waitable-set.poll}.
   *
   * @param memory an index into {@link Plan#externs}
   * @param pointer into it
   */
  record Waiting(boolean cancellable, int memory, PointerType pointer) implements Operand {}

  /** Of {@code task.return}. */
  record Returning(FunctionCodec codec, @Nullable ValueType result, Options options)
      implements Operand {}

  /**
   * Of what moves elements through a stream or future, or stops, or makes one.
   *
   * @param type a stream's or future's
   * @param element null for a type without elements
   */
  record Copying(ValueType type, @Nullable Codec element, Options options) implements Operand {}

  /** Of what makes or reads error contexts. */
  record Text(Codec string, Options options) implements Operand {}

  /**
   * Of {@code thread.new-indirect}.
   *
   * @param table an index into {@link Plan#externs}
   * @param address the type of the table's indices
   * @param function the type of functions that threads start with
   */
  record Start(int table, PointerType address, CoreExternType.Func function) implements Operand {}

  /** What a component instance can do with a resource. */
  enum Builtin {
    NEW,
    DROP,
    REP;

    CoreExternType.Func coreType() {
      return this == DROP ? CoreTypes.I32_TO_NOTHING : CoreTypes.I32_TO_I32;
    }
  }

  /** Options of a canonical definition: indices into {@link Plan#externs}, -1 where not given. */
  record Options(
      int memory,
      int realloc,
      int postReturn,
      boolean async,
      int callback,
      Encoding encoding,
      PointerType pointer) {
    /** Only whether it is async. */
    static Options async(boolean async) {
      return new Options(-1, -1, -1, async, -1, Encoding.UTF8, PointerType.I32);
    }
  }
}

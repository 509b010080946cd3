package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.abi.Codec;
import io.wattle.runtime.abi.Codecs;
import io.wattle.runtime.abi.FunctionCodec;
import io.wattle.runtime.abi.PointerType;
import io.wattle.runtime.binary.CanonOptions;
import io.wattle.runtime.binary.Definition;
import io.wattle.runtime.binary.Sort;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ValueType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The built-ins of the concurrency features: their rules and core types (CanonicalABI.md). */
final class AsyncDefinitions {
  private static final CoreExternType.Func NEW =
      new CoreExternType.Func(List.of(), List.of(CoreValueType.I64));
  private static final int CONTEXT_SLOTS = 2;
  private final Elaborator elaborator;
  private final Scope scope;
  private final CanonChecks checks;

  AsyncDefinitions(Elaborator elaborator, Scope scope) {
    this.elaborator = elaborator;
    this.scope = scope;
    this.checks = new CanonChecks(scope);
  }

  void define(Definition.AsyncBuiltin d) throws InvalidComponentException {
    Made made = make(d);
    CoreExternType.Func type = made.type();
    CoreRef ref = CoreRef.Nowhere.NOWHERE;
    PlanBuilder plan = scope.plan;
    if (plan != null) {
      int slot = plan.hostFunction(d);
      plan.steps.add(new Step.Async(slot, d.op(), type, made.operand(), scope.instance));
      ref = new CoreRef.HostFunction(slot);
    }
    scope.add(Sort.CORE_FUNC, new Item.Core(type, ref));
  }

  /** A built-in's core type, and what it is made with. */
  private record Made(CoreExternType.Func type, Step.Operand operand) {
    Made(CoreExternType.Func type) {
      this(type, new Step.NoOperand());
    }
  }

  private Made make(Definition.AsyncBuiltin d) throws InvalidComponentException {
    return switch (d.op()) {
      case TASK_CANCEL, BACKPRESSURE_INC, BACKPRESSURE_DEC -> new Made(CoreTypes.func(0, 0));
      case THREAD_INDEX, WAITABLE_SET_NEW, THREAD_AVAILABLE_PARALLELISM ->
          new Made(CoreTypes.func(0, 1));
      case THREAD_YIELD, THREAD_SUSPEND -> new Made(CoreTypes.func(0, 1), new Step.Flag(d.flag()));
      case SUBTASK_DROP, WAITABLE_SET_DROP, THREAD_RESUME_LATER, ERROR_CONTEXT_DROP ->
          new Made(CoreTypes.func(1, 0));
      case SUBTASK_CANCEL,
          THREAD_SUSPEND_THEN_RESUME,
          THREAD_YIELD_THEN_RESUME,
          THREAD_SUSPEND_THEN_PROMOTE,
          THREAD_YIELD_THEN_PROMOTE ->
          new Made(CoreTypes.func(1, 1), new Step.Flag(d.flag()));
      case WAITABLE_JOIN -> new Made(CoreTypes.func(2, 0));
      case WAITABLE_SET_WAIT, WAITABLE_SET_POLL -> {
        int memory = checks.memory(d, d.index());
        PointerType pointer = checks.pointer(d, d.index());
        yield new Made(
            taking(List.of(CoreValueType.I32, pointer.core()), CoreValueType.I32),
            new Step.Waiting(d.flag(), memory, pointer));
      }
      case TASK_RETURN -> taskReturn(d);
      case CONTEXT_GET -> {
        CoreValueType type = context(d);
        yield new Made(
            new CoreExternType.Func(List.of(), List.of(type)), new Step.Slot(d.index(), type));
      }
      case CONTEXT_SET -> {
        CoreValueType type = context(d);
        yield new Made(
            new CoreExternType.Func(List.of(type), List.of()), new Step.Slot(d.index(), type));
      }
      case STREAM_NEW -> new Made(NEW, plain(d, stream(d)));
      case FUTURE_NEW -> new Made(NEW, plain(d, future(d)));
      case STREAM_READ -> copy(d, stream(d), stream(d).element(), true);
      case STREAM_WRITE -> copy(d, stream(d), stream(d).element(), false);
      case FUTURE_READ -> copy(d, future(d), future(d).element(), true);
      case FUTURE_WRITE -> copy(d, future(d), future(d).element(), false);
      case STREAM_CANCEL_READ, STREAM_CANCEL_WRITE ->
          new Made(CoreTypes.func(1, 1), plain(d, stream(d)));
      case FUTURE_CANCEL_READ, FUTURE_CANCEL_WRITE ->
          new Made(CoreTypes.func(1, 1), plain(d, future(d)));
      case STREAM_DROP_READABLE, STREAM_DROP_WRITABLE ->
          new Made(CoreTypes.func(1, 0), plain(d, stream(d)));
      case FUTURE_DROP_READABLE, FUTURE_DROP_WRITABLE ->
          new Made(CoreTypes.func(1, 0), plain(d, future(d)));
      case ERROR_CONTEXT_NEW -> {
        Step.Options given = options(d, true, false, false);
        CoreValueType pointer = given.pointer().core();
        yield new Made(taking(List.of(pointer, pointer), CoreValueType.I32), text(given));
      }
      case ERROR_CONTEXT_DEBUG_MESSAGE -> {
        Step.Options given = options(d, true, true, false);
        yield new Made(taking(List.of(CoreValueType.I32, given.pointer().core())), text(given));
      }
      case THREAD_NEW_INDIRECT -> thread(d);
      case THREAD_SPAWN_REF, THREAD_SPAWN_INDIRECT ->
          throw Invalid.unsupported(
              d, "shared-everything threads (" + d.op() + ") are not supported");
    };
  }

  private static Step.Copying plain(Definition.AsyncBuiltin d, ValueType type) {
    return new Step.Copying(type, null, Step.Options.async(d.flag()));
  }

  private Step.Text text(Step.Options options) {
    return new Step.Text(
        elaborator.codecs.element(
            ValueType.Primitive.STRING, new Codecs.Layout(options.encoding(), options.pointer())),
        options);
  }

  private Made taskReturn(Definition.AsyncBuiltin d) throws InvalidComponentException {
    CanonOptions options = d.options();
    if (options.async() || options.realloc() != null || options.postReturn() != null) {
      throw Invalid.at(
          d, "`task.return` has only the canonical options memory and string encoding");
    }
    ValueType result = d.result() == null ? null : elaborator.types.resolve(d, d.result(), scope);
    if (result != null && elaborator.types.hasBorrows(result)) {
      throw Invalid.at(d, "`task.return` cannot return a `borrow` type");
    }
    FunctionCodec codec =
        elaborator.codecs.function(
            new FunctionType(List.of(), result, true), checks.layout(d, options));
    Step.Options given = options(d, codec.returnNeedsMemory(), false, false);
    return new Made(codec.returned(), new Step.Returning(codec, result, given));
  }

  /** All of a component are of one type. */
  private CoreValueType context(Definition.AsyncBuiltin d) throws InvalidComponentException {
    CoreValueType type = d.value();
    if (type != CoreValueType.I32 && type != CoreValueType.I64) {
      throw Invalid.at(d, "`" + d.op() + "` must be of type i32 or i64 (got: " + type + ")");
    }
    if (scope.contextType != null && scope.contextType != type) {
      throw Invalid.at(
          d,
          "`"
              + d.op()
              + "` of type "
              + type
              + " (expected: "
              + scope.contextType
              + ", as that of others of the component)");
    }
    scope.contextType = type;
    if (d.index() >= CONTEXT_SLOTS) {
      throw Invalid.at(
          d,
          "`" + d.op() + "`: slot " + d.index() + " (expected: less than " + CONTEXT_SLOTS + ")");
    }
    return type;
  }

  private ValueType.StreamType stream(Definition.AsyncBuiltin d) throws InvalidComponentException {
    if (Types.type(d, d.type(), scope) instanceof Item.ValueItem(ValueType.StreamType stream)) {
      return stream;
    }
    throw Invalid.at(d, "`" + d.op() + "`: type index " + d.type() + " is not a stream type");
  }

  private ValueType.FutureType future(Definition.AsyncBuiltin d) throws InvalidComponentException {
    if (Types.type(d, d.type(), scope) instanceof Item.ValueItem(ValueType.FutureType future)) {
      return future;
    }
    throw Invalid.at(d, "`" + d.op() + "`: type index " + d.type() + " is not a future type");
  }

  private Made copy(
      Definition.AsyncBuiltin d, ValueType type, @Nullable ValueType element, boolean reads)
      throws InvalidComponentException {
    boolean pointers =
        element != null
            && elaborator
                .codecs
                .function(
                    new FunctionType(List.of(), element, false), checks.layout(d, d.options()))
                .lowerNeedsRealloc();
    Step.Options given = options(d, element != null, reads && pointers, true);
    Codec codec =
        element == null ? null : elaborator.codecs.element(element, checks.layout(d, d.options()));
    CoreValueType pointer = given.pointer().core();
    CoreExternType.Func core =
        type instanceof ValueType.StreamType
            ? taking(List.of(CoreValueType.I32, pointer, pointer), pointer)
            : taking(List.of(CoreValueType.I32, pointer), CoreValueType.I32);
    return new Made(core, new Step.Copying(type, codec, given));
  }

  private static CoreExternType.Func taking(
      List<CoreValueType> parameters, CoreValueType... results) {
    return new CoreExternType.Func(parameters, List.of(results));
  }

  private Step.Options options(
      Definition.AsyncBuiltin d, boolean needsMemory, boolean needsRealloc, boolean async)
      throws InvalidComponentException {
    return checks.check(
        d,
        d.options(),
        needsMemory,
        needsRealloc,
        new CanonChecks.Builtin(d.op().toString(), async));
  }

  private Made thread(Definition.AsyncBuiltin d) throws InvalidComponentException {
    CoreExternType.Func entry = entry(d, d.type());
    Item.Core core = CoreDefinitions.core(d, Sort.CORE_TABLE, d.index(), scope);
    if (!(core.type() instanceof CoreExternType.Table table)
        || table.element() != CoreValueType.FUNCREF) {
      throw Invalid.at(d, "`" + d.op() + "`: the table must hold funcref");
    }
    PointerType address = table.table64() ? PointerType.I64 : PointerType.I32;
    int extern = scope.plan == null ? -1 : scope.plan.extern(core.ref());
    return new Made(
        taking(List.of(address.core(), entry.parameters().getFirst()), CoreValueType.I32),
        new Step.Start(extern, address, entry));
  }

  /** The type of the function that a thread starts with. */
  private CoreExternType.Func entry(Definition.AsyncBuiltin d, int index)
      throws InvalidComponentException {
    if (scope.get(Sort.CORE_TYPE, index) instanceof CoreTypeItem.Func(CoreExternType.Func type)
        && type.results().isEmpty()
        && (type.parameters().equals(List.of(CoreValueType.I32))
            || type.parameters().equals(List.of(CoreValueType.I64)))) {
      return type;
    }
    throw Invalid.at(
        d, "`" + d.op() + "`: core type index " + index + " is not (func (param i32)) or of i64");
  }
}

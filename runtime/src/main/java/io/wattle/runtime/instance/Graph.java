package io.wattle.runtime.instance;

import io.wattle.runtime.abi.CallContext;
import io.wattle.runtime.abi.CallScope;
import io.wattle.runtime.abi.FunctionCodec;
import io.wattle.runtime.abi.Handle;
import io.wattle.runtime.abi.InstanceState;
import io.wattle.runtime.abi.Traps;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.CoreExtern;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.plan.CoreRef;
import io.wattle.runtime.plan.FuncRef;
import io.wattle.runtime.plan.Plan;
import io.wattle.runtime.plan.Step;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.value.ValueBuffer;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All instances of one component in one store. Used by one thread at a time. */
final class Graph {
  private static final long[] NOTHING = {};
  final CoreStore store;
  private final Plan plan;
  private final Binding binding;
  private final LinkOptions options;
  private final InstanceState[] instances;
  private final @Nullable CoreInstance[] cores;
  private final @Nullable CoreFunction[] hosts;
  private final @Nullable CoreExtern[] externs;

  /** The invocation it works for now. */
  private @Nullable Invocation invocation;

  /** Whether its store has a snapshot to go back to. */
  boolean resettable;

  /** Whether an import ran that may answer differently next time. */
  private boolean tainted;

  Graph(Plan plan, Binding binding, LinkOptions options, CoreStore store) {
    this.plan = plan;
    this.binding = binding;
    this.options = options;
    this.store = store;
    this.instances = new InstanceState[plan.parents().size()];
    for (int i = 0; i < instances.length; i++) {
      int parent = plan.parents().get(i);
      instances[i] = new InstanceState(i, parent < 0 ? null : instances[parent]);
    }
    this.cores = new CoreInstance[plan.coreInstances()];
    this.hosts = new CoreFunction[plan.hostFunctions()];
    this.externs = new CoreExtern[plan.externs().size()];
  }

  void workFor(@Nullable Invocation next) {
    invocation = next;
  }

  /** Runs the plan: instantiates everything. */
  void build() {
    for (Step step : plan.steps()) {
      switch (step) {
        case Step.Instantiate s ->
            cores[s.slot()] =
                store.instantiate(s.module(), (module, name) -> find(s.imports(), module, name));
        case Step.Lower s ->
            hosts[s.slot()] =
                CoreFunction.host(s.codec().lowered(), arguments -> lowered(s, arguments));
        case Step.Async s ->
            hosts[s.slot()] = CoreFunction.host(s.coreType(), arguments -> async(s, arguments));
        case Step.Resource s ->
            hosts[s.slot()] = CoreFunction.host(s.coreType(), arguments -> resource(s, arguments));
      }
    }
  }

  private @Nullable CoreExtern find(
      Map<String, Map<String, CoreRef>> imports, String module, String name) {
    Map<String, CoreRef> names = imports.get(module);
    CoreRef ref = names == null ? null : names.get(name);
    return ref == null ? null : resolve(ref);
  }

  private CoreExtern resolve(CoreRef ref) {
    CoreExtern extern =
        switch (ref) {
          case CoreRef.InstanceExport r -> {
            CoreInstance instance = cores[r.instance()];
            yield instance == null ? null : instance.export(r.name());
          }
          case CoreRef.HostFunction r -> hosts[r.slot()];
          case CoreRef.Nowhere r -> null;
        };
    return Objects.requireNonNull(extern, "validation has made sure of it");
  }

  private CoreExtern extern(int index) {
    CoreExtern known = externs[index];
    if (known == null) {
      known = resolve(plan.externs().get(index));
      externs[index] = known;
    }
    return known;
  }

  private CallContext context(InstanceState instance, CallScope scope, Step.Options opts) {
    return new CallContext(
        instance,
        scope,
        opts.memory() < 0 ? null : (CoreMemory) extern(opts.memory()),
        opts.realloc() < 0 ? null : (CoreFunction) extern(opts.realloc()),
        options.maxValueBytes());
  }

  /** Whether the state after building is all in the store, and the same each time. */
  boolean repeatable() {
    for (InstanceState instance : instances) {
      if (!instance.untouched()) {
        return false;
      }
    }
    return !tainted;
  }

  /** Back to the state after building. */
  void reset() {
    store.reset();
    for (InstanceState instance : instances) {
      instance.reset();
    }
  }

  /** Runs the host's destructors for all that the guest still owns. */
  void dropHostResources() {
    for (InstanceState instance : instances) {
      for (Handle handle : instance.handles().all()) {
        Consumer<Object> destructor = binding.destructors().get(handle.type());
        if (destructor != null && handle.owned()) {
          destructor.accept(handle.rep());
        }
      }
    }
  }

  /** Calls a lifted function (CanonicalABI.md, {@code canon lift}). */
  void call(int index, @Nullable InstanceState caller, ValueSource parameters, ValueSink results) {
    Plan.Lifted lifted = plan.lifted().get(index);
    FunctionCodec codec = lifted.codec();
    InstanceState instance = instances[lifted.instance()];
    instance.enterFrom(caller);
    CallScope scope = new CallScope();
    CallContext context = context(instance, scope, lifted.options());
    long storage = instance.freshStorage();
    CoreFunction core = (CoreFunction) extern(lifted.core());
    long[] values = core.call(codec.lowerParameters(parameters, context));
    codec.liftResult(context, values, results);
    scope.checkDropped();
    if (lifted.options().postReturn() >= 0) {
      CoreFunction postReturn = (CoreFunction) extern(lifted.options().postReturn());
      instance.withoutLeaving(() -> postReturn.call(values));
    }
    instance.restoreStorage(storage);
    instance.leaveTo(caller);
  }

  /** A guest calls a component-level function (CanonicalABI.md, {@code canon lower}). */
  private long[] lowered(Step.Lower step, long[] arguments) {
    InstanceState caller = instances[step.caller()];
    caller.checkMayLeave();
    CallScope scope = new CallScope();
    CallContext context = context(caller, scope, step.options());
    FunctionCodec codec = step.codec();
    ValueSource result =
        switch (step.target()) {
          case FuncRef.Lifted target -> {
            ValueBuffer parameters = new ValueBuffer();
            codec.liftParameters(context, arguments, parameters);
            ValueBuffer results = new ValueBuffer();
            call(target.index(), caller, parameters.source(), results);
            yield results.source();
          }
          case FuncRef.Imported target ->
              imported(binding.functions().get(target.index()), codec, context, arguments);
          case FuncRef.Nowhere target -> throw new AssertionError("a function that is nowhere");
        };
    long[] values = codec.lowerResult(result, context, arguments);
    scope.giveBack();
    return values;
  }

  private ValueSource imported(
      ImportTarget target, FunctionCodec codec, CallContext context, long[] arguments) {
    Invocation call = Objects.requireNonNull(invocation, "guests run for an invocation only");
    return switch (target) {
      case ImportTarget.Host host -> {
        tainted |= !host.repeatable();
        ValueBuffer parameters = new ValueBuffer();
        codec.liftParameters(context, arguments, parameters);
        yield HostCalls.host(host, call, parameters.source());
      }
      case ImportTarget.Linked linked -> {
        tainted = true;
        yield HostCalls.linked(
            linked, call, sink -> codec.liftParameters(context, arguments, sink));
      }
    };
  }

  /** The built-ins of the concurrency features: those that need no tasks. */
  private long[] async(Step.Async step, long[] arguments) {
    InstanceState instance = instances[step.caller()];
    switch (step.op()) {
      case CONTEXT_GET -> {
        return new long[] {Integer.toUnsignedLong(instance.stored(step.index()))};
      }
      case CONTEXT_SET -> {
        instance.store(step.index(), (int) arguments[0]);
        return NOTHING;
      }
      case BACKPRESSURE_INC -> {
        instance.backpressure(1);
        return NOTHING;
      }
      case BACKPRESSURE_DEC -> {
        instance.backpressure(-1);
        return NOTHING;
      }
      default -> {
        instance.checkMayLeave();
        throw Traps.trap(step.op() + " was called: it needs WASI 0.3, which is not supported yet");
      }
    }
  }

  /** The resource built-ins (CanonicalABI.md, {@code canon resource.*}). */
  private long[] resource(Step.Resource step, long[] arguments) {
    InstanceState instance = instances[step.caller()];
    return switch (step.builtin()) {
      case NEW -> {
        instance.checkMayLeave();
        yield new long[] {instance.own(step.type(), (int) arguments[0])};
      }
      case REP -> new long[] {(Integer) instance.handle((int) arguments[0], step.type()).rep()};
      case DROP -> {
        instance.checkMayLeave();
        Handle handle = instance.drop((int) arguments[0], step.type());
        if (handle.owned()) {
          destroy(step.type(), handle.rep(), instance);
        }
        yield NOTHING;
      }
    };
  }

  /** Runs a destructor: the host's, or the defining component instance's. */
  void destroy(ResourceType type, Object rep, @Nullable InstanceState caller) {
    Plan.Resource resource =
        Objects.requireNonNull(plan.resources().get(type), "every resource is in the plan");
    if (resource.instance() < 0) {
      Consumer<Object> destructor = binding.destructors().get(type);
      if (destructor == null) {
        throw Traps.trap("the host cannot drop a " + type.name());
      }
      HostCalls.drop(type, destructor, rep);
      return;
    }
    InstanceState definedBy = instances[resource.instance()];
    definedBy.enterFrom(caller);
    if (resource.destructor() >= 0) {
      ((CoreFunction) extern(resource.destructor())).call((Integer) rep);
    }
    definedBy.leaveTo(caller);
  }
}

package io.wattle.runtime.instance;

import io.wattle.runtime.abi.CallContext;
import io.wattle.runtime.abi.CallScope;
import io.wattle.runtime.abi.FunctionCodec;
import io.wattle.runtime.abi.Handle;
import io.wattle.runtime.abi.InstanceState;
import io.wattle.runtime.abi.ThreadStorage;
import io.wattle.runtime.abi.Traps;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.concurrency.Concurrency;
import io.wattle.runtime.concurrency.Linkage;
import io.wattle.runtime.concurrency.Stacks;
import io.wattle.runtime.engine.CoreExtern;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.CoreTable;
import io.wattle.runtime.engine.StackRoom;
import io.wattle.runtime.plan.CoreRef;
import io.wattle.runtime.plan.FuncRef;
import io.wattle.runtime.plan.Plan;
import io.wattle.runtime.plan.Step;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.value.ValueBuffer;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All instances of one component in one store. Used by one thread at a time. */
final class Graph implements Linkage {
  private static final long[] NOTHING = {};

  /** What an async lower answers when the call is over (CanonicalABI.md, {@code Subtask.State}). */
  private static final long RETURNED = 2;

  final CoreStore store;
  private final Plan plan;
  private final Binding binding;
  private final LinkOptions options;
  private final InstanceState[] instances;
  private final @Nullable CoreInstance[] cores;
  private final @Nullable CoreFunction[] hosts;
  private final @Nullable CoreExtern[] externs;

  /** Null when nothing in the component is async: then calls are just calls. */
  private final @Nullable Concurrency concurrency;

  /** The invocation it works for now. */
  private @Nullable Invocation invocation;

  /** Whether its store has a snapshot to go back to. */
  boolean resettable;

  /** Bytes that the store counts for handles, threads and loans. */
  private long kept;

  /** Whether an import ran that may answer differently next time. */
  private boolean tainted;

  /**
   * Makes a graph without anything in it.
   *
   * @param stacks for its tasks; null when nothing in the plan is async
   */
  Graph(Plan plan, Binding binding, LinkOptions options, CoreStore store, @Nullable Stacks stacks) {
    this.plan = plan;
    this.binding = binding;
    this.options = options;
    this.store = store;
    this.instances = new InstanceState[plan.parents().size()];
    for (int i = 0; i < instances.length; i++) {
      int parent = plan.parents().get(i);
      instances[i] = new InstanceState(i, parent < 0 ? null : instances[parent], this::keep);
    }
    this.cores = new CoreInstance[plan.coreInstances()];
    this.hosts = new CoreFunction[plan.hostFunctions()];
    this.externs = new CoreExtern[plan.externs().size()];
    this.concurrency = stacks == null ? null : new Concurrency(plan, this, instances, stacks);
  }

  private void keep(long bytes) {
    store.keep(bytes);
    kept += bytes;
  }

  void workFor(@Nullable Invocation next) {
    invocation = next;
  }

  /** Runs the plan: instantiates everything. */
  void build() {
    fromHost(this::runSteps);
  }

  private void runSteps() {
    for (Step step : plan.steps()) {
      switch (step) {
        case Step.Instantiate s -> inline(s.instance(), () -> instantiate(s));
        case Step.Lower s -> hosts[s.slot()] = new Lowered(s);
        case Step.Async s ->
            hosts[s.slot()] =
                CoreFunction.host(
                    s.coreType(),
                    arguments -> {
                      StackRoom.check();
                      return concurrency().builtin(s, arguments);
                    });
        case Step.Resource s ->
            hosts[s.slot()] =
                CoreFunction.host(
                    s.coreType(),
                    arguments -> {
                      StackRoom.check();
                      return resource(s, arguments);
                    });
      }
    }
  }

  private void instantiate(Step.Instantiate step) {
    cores[step.slot()] = store.instantiate(step.module(), new Given(step));
  }

  /** A component-level function as a guest calls it. */
  private final class Lowered implements CoreFunction {
    private final Step.Lower step;

    Lowered(Step.Lower step) {
      this.step = step;
    }

    @Override
    public CoreExternType.Func type() {
      return step.coreType();
    }

    @Override
    public long[] call(long... arguments) {
      StackRoom.check();
      return lowered(step, arguments);
    }
  }

  /** What a core module's imports are satisfied with. */
  private final class Given implements CoreImports {
    private final Step.Instantiate step;

    Given(Step.Instantiate step) {
      this.step = step;
    }

    @Override
    public @Nullable CoreExtern get(String module, String name) {
      List<CoreModule.CoreImport> wanted = step.module().imports();
      for (int i = 0; i < wanted.size(); i++) {
        if (wanted.get(i).module().equals(module) && wanted.get(i).name().equals(name)) {
          return get(i, wanted.get(i));
        }
      }
      return null;
    }

    @Override
    public CoreExtern get(int index, CoreModule.CoreImport wanted) {
      return resolve(step.imports().get(index));
    }
  }

  private Concurrency concurrency() {
    return Objects.requireNonNull(concurrency, "something in the plan is async");
  }

  /** Runs what the host wants of the guests. */
  private void fromHost(Runnable code) {
    if (concurrency == null) {
      code.run();
    } else {
      concurrency.fromHost(code);
    }
  }

  /** Enters an instance, for what is not async, on this stack. */
  private void inline(int instance, Runnable code) {
    if (concurrency == null) {
      code.run();
    } else {
      concurrency.inline(instance, code);
    }
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

  @Override
  public CoreExtern extern(int index) {
    CoreExtern known = externs[index];
    if (known == null) {
      known = resolve(plan.externs().get(index));
      externs[index] = known;
    }
    return known;
  }

  @Override
  public CallContext context(InstanceState instance, CallScope scope, Step.Options opts) {
    return new CallContext(
        instance,
        scope,
        opts.memory() < 0 ? null : (CoreMemory) extern(opts.memory()),
        opts.realloc() < 0 ? null : (CoreFunction) extern(opts.realloc()),
        opts.pointer(),
        options.maxValueBytes());
  }

  @Override
  public @Nullable CoreFunction element(CoreTable table, int index) {
    return store.element(table, index);
  }

  @Override
  public @Nullable Thread handOver(@Nullable Thread to) {
    return store.handOver(to);
  }

  /** Lets tasks that have returned go on until none can. */
  void settle() {
    if (concurrency != null) {
      concurrency.fromHost(concurrency::settle);
    }
  }

  /** Ends what tasks there are: their stacks are given back when this returns. */
  void endTasks() {
    if (concurrency != null) {
      concurrency.end();
    }
  }

  /** Whether the state after building is all in the store, and the same each time. */
  boolean repeatable() {
    for (InstanceState instance : instances) {
      if (!instance.untouched()) {
        return false;
      }
    }
    return !tainted && (concurrency == null || concurrency.idle());
  }

  /** Back to the state after building. */
  void reset() {
    if (kept > 0) {
      keep(-kept);
    }
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

  /** The host calls an exported function: one of the graph, or one that the host gave it. */
  void call(FuncRef function, ValueSource parameters, ValueSink results) {
    switch (function) {
      case FuncRef.Lifted(int index) -> call(index, parameters, results);
      case FuncRef.Imported(int index) -> {
        Invocation call = Objects.requireNonNull(invocation, "called for an invocation only");
        tainted = true;
        HostCalls.pass(
            binding.functions().get(index),
            plan.imports().get(index).type(),
            call,
            parameters,
            results);
      }
      case FuncRef.Nowhere _ -> throw new AssertionError("a function that is nowhere");
    }
  }

  private void call(int index, ValueSource parameters, ValueSink results) {
    if (concurrency == null) {
      call(index, null, parameters, results);
      return;
    }
    boolean async = plan.lifted().get(index).type().async();
    concurrency.fromHost(
        () -> {
          if (async) {
            concurrency.call(index, parameters, results);
          } else {
            call(index, null, parameters, results);
          }
        });
  }

  /** Calls a lifted function whose type is not async (CanonicalABI.md, {@code canon lift}). */
  private void call(
      int index, @Nullable InstanceState caller, ValueSource parameters, ValueSink results) {
    Plan.Lifted lifted = plan.lifted().get(index);
    if (concurrency == null) {
      call(lifted, caller, parameters, results);
    } else {
      concurrency.inline(lifted.instance(), () -> call(lifted, caller, parameters, results));
    }
  }

  private void call(
      Plan.Lifted lifted,
      @Nullable InstanceState caller,
      ValueSource parameters,
      ValueSink results) {
    FunctionCodec codec = lifted.codec();
    InstanceState instance = instances[lifted.instance()];
    instance.enterFrom(caller);
    CallScope scope = new CallScope();
    CallContext context = context(instance, scope, lifted.options());
    ThreadStorage storage = instance.freshStorage();
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
    if (step.async() && step.target() instanceof FuncRef.Lifted(int target)) {
      return concurrency().lowered(step, target, arguments);
    }
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
              imported(binding.functions().get(target.index()), step, context, arguments);
          case FuncRef.Nowhere target -> throw new AssertionError("a function that is nowhere");
        };
    if (step.options().async()) {
      codec.lowerAsyncResult(result, context, arguments);
      scope.giveBack();
      return new long[] {RETURNED};
    }
    long[] values = codec.lowerResult(result, context, arguments);
    scope.giveBack();
    return values;
  }

  private ValueSource imported(
      ImportTarget target, Step.Lower step, CallContext context, long[] arguments) {
    Invocation call = Objects.requireNonNull(invocation, "guests run for an invocation only");
    return switch (target) {
      case ImportTarget.Host host -> {
        tainted |= !host.repeatable();
        ValueBuffer parameters = new ValueBuffer();
        liftParameters(step, context, arguments, parameters);
        yield HostCalls.host(host, call, parameters.source());
      }
      case ImportTarget.Linked linked -> {
        tainted = true;
        yield HostCalls.linked(
            linked, call, sink -> liftParameters(step, context, arguments, sink));
      }
    };
  }

  private static void liftParameters(
      Step.Lower step, CallContext context, long[] arguments, ValueSink to) {
    if (step.options().async()) {
      step.codec().liftAsyncParameters(context, arguments, to);
    } else {
      step.codec().liftParameters(context, arguments, to);
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

  /** The host drops a resource of a guest. */
  void drop(ResourceType type, Object rep) {
    fromHost(() -> destroy(type, rep, null));
  }

  /** Runs a destructor: the host's, or the defining component instance's. */
  private void destroy(ResourceType type, Object rep, @Nullable InstanceState caller) {
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
      CoreFunction destructor = (CoreFunction) extern(resource.destructor());
      inline(resource.instance(), () -> destructor.call((Integer) rep));
    }
    definedBy.leaveTo(caller);
  }
}

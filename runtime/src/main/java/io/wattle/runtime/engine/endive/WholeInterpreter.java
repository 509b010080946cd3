package io.wattle.runtime.engine.endive;

import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.InterpreterMachine;
import run.endive.runtime.MStack;
import run.endive.runtime.Machine;
import run.endive.runtime.StackFrame;
import run.endive.runtime.WasmException;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;

/**
 * Runs all functions of a module that is not compiled. Once it is, functions that are under way go
 * on here, and those they call run compiled.
 */
@SuppressWarnings("ReferenceEquality") // instances are compared by identity
final class WholeInterpreter extends InterpreterMachine implements Interpreting {
  private final InterpreterFrames frames;
  private final @Nullable InterpreterHook hook;
  private final Function<Instance, @Nullable Machine> improved;
  private final OwnStacks<WholeInterpreter> stacks;
  private @Nullable Machine compiled;

  /**
   * @param improved a machine of compiled code for this instance, null while there is none
   */
  WholeInterpreter(
      Instance instance,
      @Nullable InterpreterHook hook,
      Function<Instance, @Nullable Machine> improved) {
    this(instance, hook, improved, new InterpreterFrames());
  }

  private WholeInterpreter(
      Instance instance,
      @Nullable InterpreterHook hook,
      Function<Instance, @Nullable Machine> improved,
      InterpreterFrames frames) {
    super(instance);
    this.hook = hook;
    this.improved = improved;
    this.frames = frames;
    this.stacks =
        new OwnStacks<>(this, () -> new WholeInterpreter(instance, hook, improved, frames));
  }

  /** Traps unless a function of an instance has, by number, a type that is expected. */
  static void requireOwnType(int expected, int function, Instance self) {
    verifyIndirectCallByTypeIdx(self.functionType(function), expected, self.module().typeSection());
  }

  @Nullable InterpreterHook hook() {
    return hook;
  }

  @Nullable GuestInstance owner() {
    return hook == null ? null : hook.owner();
  }

  /** The machine of compiled code that functions called from here run in; null while none does. */
  @Nullable GuestMachine improved() {
    return (Object) compiled() instanceof GuestMachine machine ? machine : null;
  }

  private @Nullable Machine compiled() {
    Machine known = compiled;
    if (known == null) {
      known = improved.apply(instance());
      compiled = known;
    }
    return known;
  }

  @Override
  public long @Nullable [] call(int function, long[] arguments) {
    Machine better = compiled();
    if (better != null) {
      return better.call(function, arguments);
    }
    OwnStacks<WholeInterpreter> own = stacks.enter();
    try {
      return own.interpreter().callOwn(function, arguments);
    } finally {
      own.leave();
    }
  }

  private long @Nullable [] callOwn(int function, long[] arguments) {
    return super.call(function, arguments);
  }

  @Override
  protected void CALL(Operands operands) {
    Instance self = instance();
    int function = (int) operands.get(0);
    if (function < 0) {
      TailCall call = Interpreting.called(function, operands::get, stack(), self);
      if (call.target == self) {
        CALL(index -> call.function);
      } else {
        callOther(call);
      }
      return;
    }
    // Imported functions have no body: they are the same for both machines.
    Machine better = self.function(function) == null ? null : compiled();
    if (better == null) {
      super.CALL(operands);
      return;
    }
    FunctionType type = self.type(self.functionType(function));
    InterpreterHook.call(better, function, type, stack());
  }

  /** Calls another instance's function; what it throws may be caught here. */
  private void callOther(TailCall call) {
    try {
      Interpreting.call(call, stack());
    } catch (WasmException e) {
      StackFrame frame = new StackFrame(instance(), call.function, new long[0]);
      var _ = THROW_REF(instance(), instance().registerException(e), stack(), frame, callStack);
    }
  }

  /** Whether an indirect call stays here; it goes by way of {@link #call(int, long[])} else. */
  @Override
  protected boolean useCurrentInstanceInterpreter(Instance caller, Instance callee, int function) {
    return compiled() == null && super.useCurrentInstanceInterpreter(caller, callee, function);
  }

  @Override
  protected void evalDefault(
      MStack stack,
      Instance instance,
      Deque<StackFrame> callStack,
      Instruction instruction,
      Operands operands) {
    VectorInterpreter.execute(stack, instance, instruction);
  }

  @Override
  protected long @Nullable [] call(
      MStack stack,
      Instance instance,
      Deque<StackFrame> callStack,
      int function,
      long[] arguments,
      Object @Nullable [] references,
      @Nullable FunctionType type,
      boolean popResults) {
    return follow(stack, instance, callStack, function, arguments, references, type, popResults);
  }

  @Override
  public @Nullable Machine elsewhere(TailCall call) {
    Instance self = instance();
    if (call.target != self) {
      return call.target.getMachine();
    }
    return self.function(call.function) == null ? null : compiled();
  }

  /** Known to {@link Whereabouts} by its name: once on Java's stack for each function. */
  @Override
  public long @Nullable [] interpret(
      MStack stack,
      Instance instance,
      Deque<StackFrame> callStack,
      int function,
      long[] arguments,
      Object @Nullable [] references,
      @Nullable FunctionType type,
      boolean popResults) {
    long held = frames.enter(instance, function);
    int caller = hook == null ? -1 : hook.address();
    try {
      return super.call(
          stack, instance, callStack, function, arguments, references, type, popResults);
    } catch (TailCall e) {
      throw e;
    } catch (RuntimeException | Error e) {
      if (hook != null) {
        InterpretedFrame.note(e, hook, function, caller);
      }
      throw e;
    } finally {
      frames.leave(held);
    }
  }
}

package io.wattle.runtime.engine.endive;

import java.util.Deque;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.MStack;
import run.endive.runtime.Machine;
import run.endive.runtime.StackFrame;
import run.endive.runtime.WasmException;
import run.endive.runtime.internal.CompilerInterpreterMachine;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;

/**
 * Runs the functions of a compiled module that are too large for the JVM. Public because generated
 * classes make it; no API.
 */
@SuppressWarnings("ReferenceEquality") // instances are compared by identity
public final class GuestInterpreter extends CompilerInterpreterMachine implements Interpreting {
  private final InterpreterFrames frames;
  private final OwnStacks<GuestInterpreter> stacks;

  /** For generated classes. */
  public GuestInterpreter(Instance instance, int[] interpretedFunctions) {
    this(instance, interpretedFunctions, new InterpreterFrames());
  }

  private GuestInterpreter(Instance instance, int[] interpreted, InterpreterFrames frames) {
    super(instance, interpreted);
    this.frames = frames;
    this.stacks = new OwnStacks<>(this, () -> new GuestInterpreter(instance, interpreted, frames));
  }

  @Override
  public long @Nullable [] call(int function, long[] arguments) {
    OwnStacks<GuestInterpreter> own = stacks.enter();
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
    int function = (int) operands.get(0);
    if (function >= 0) {
      super.CALL(operands);
      return;
    }
    TailCall call = Interpreting.called(function, operands::get, stack(), instance());
    if (call.target == instance()) {
      super.CALL(index -> call.function);
    } else {
      callOther(call);
    }
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
    boolean here =
        self.function(call.function) == null
            || useCurrentInstanceInterpreter(self, call.target, call.function);
    return call.target == self && here ? null : call.target.getMachine();
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
    @Nullable InterpreterHook hook =
        switch (instance.getMachine()) {
          case GuestMachine machine -> machine.hook;
          case WholeInterpreter machine -> machine.hook(); // its instance is older than the code
          default -> null;
        };
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

package io.wattle.runtime.engine.endive;

import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.InterpreterMachine;
import run.endive.runtime.MStack;
import run.endive.runtime.Machine;
import run.endive.runtime.StackFrame;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/**
 * Runs all functions of a module that is not compiled. Once it is, functions that are under way go
 * on here, and those they call run compiled.
 */
final class WholeInterpreter extends InterpreterMachine {
  private final InterpreterFrames frames;
  private final @Nullable InterpreterHook hook;
  private final Function<Instance, @Nullable Machine> improved;
  private @Nullable Machine compiled;

  /** The thread whose calls are on this one's stack, and how many. */
  private @Nullable Thread owner;

  private int calls;
  private @Nullable WholeInterpreter next;

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
  }

  @Nullable InterpreterHook hook() {
    return hook;
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
    WholeInterpreter interpreter = ofThread();
    interpreter.owner = Thread.currentThread();
    interpreter.calls++;
    try {
      return interpreter.callOwn(function, arguments);
    } finally {
      if (--interpreter.calls == 0) {
        interpreter.owner = null;
      }
    }
  }

  private long @Nullable [] callOwn(int function, long[] arguments) {
    return super.call(function, arguments);
  }

  /**
   * Endive has one stack of operands for all calls, which holds while those of one thread return in
   * turn. Guest threads that stop in the middle of a function do not: each has a stack of its own.
   */
  private WholeInterpreter ofThread() {
    Thread thread = Thread.currentThread();
    WholeInterpreter interpreter = this;
    while (interpreter.owner != null && interpreter.owner != thread) {
      if (interpreter.next == null) {
        interpreter.next = new WholeInterpreter(instance(), hook, improved, frames);
      }
      interpreter = interpreter.next;
    }
    return interpreter;
  }

  @Override
  protected void CALL(Operands operands) {
    int function = (int) operands.get(0);
    Instance self = instance();
    // Imported functions have no body: they are the same for both machines.
    Machine better = self.function(function) == null ? null : compiled();
    if (better == null) {
      super.CALL(operands);
      return;
    }
    MStack stack = stack();
    FunctionType type = self.type(self.functionType(function));
    long[] arguments = new long[ValType.sizeOf(type.params())];
    for (int i = arguments.length - 1; i >= 0; i--) {
      arguments[i] = stack.pop();
    }
    long[] results = better.call(function, arguments);
    if (results != null) {
      for (long result : results) {
        stack.push(result);
      }
    }
  }

  /** Whether an indirect call stays here; it goes by way of {@link #call(int, long[])} else. */
  @Override
  protected boolean useCurrentInstanceInterpreter(Instance caller, Instance callee, int function) {
    return compiled() == null && super.useCurrentInstanceInterpreter(caller, callee, function);
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
    return interpret(stack, instance, callStack, function, arguments, references, type, popResults);
  }

  /** Known to {@link Whereabouts} by its name: once on Java's stack for each function. */
  private long @Nullable [] interpret(
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

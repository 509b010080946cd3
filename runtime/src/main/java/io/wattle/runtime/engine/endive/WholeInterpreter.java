package io.wattle.runtime.engine.endive;

import java.util.Deque;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.InterpreterMachine;
import run.endive.runtime.MStack;
import run.endive.runtime.StackFrame;
import run.endive.wasm.types.FunctionType;

/** Runs all functions of a module that is not compiled. */
final class WholeInterpreter extends InterpreterMachine {
  private final InterpreterFrames frames = new InterpreterFrames();
  private final @Nullable InterpreterHook hook;

  WholeInterpreter(Instance instance, @Nullable InterpreterHook hook) {
    super(instance);
    this.hook = hook;
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

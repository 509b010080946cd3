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

  WholeInterpreter(Instance instance) {
    super(instance);
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
    long held = frames.enter(instance, function);
    try {
      return super.call(
          stack, instance, callStack, function, arguments, references, type, popResults);
    } finally {
      frames.leave(held);
    }
  }
}

package io.wattle.runtime.engine.endive;

import java.util.Deque;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.MStack;
import run.endive.runtime.StackFrame;
import run.endive.runtime.internal.CompilerInterpreterMachine;
import run.endive.wasm.types.FunctionType;

/**
 * Runs the functions of a compiled module that are too large for the JVM. Public because generated
 * classes make it; no API.
 */
public final class GuestInterpreter extends CompilerInterpreterMachine {
  private final InterpreterFrames frames;
  private final int[] interpreted;

  /** The thread whose calls are on this one's stack, and how many. */
  private @Nullable Thread owner;

  private int calls;
  private @Nullable GuestInterpreter next;

  /** For generated classes. */
  public GuestInterpreter(Instance instance, int[] interpretedFunctions) {
    this(instance, interpretedFunctions, new InterpreterFrames());
  }

  private GuestInterpreter(Instance instance, int[] interpreted, InterpreterFrames frames) {
    super(instance, interpreted);
    this.interpreted = interpreted;
    this.frames = frames;
  }

  @Override
  public long @Nullable [] call(int function, long[] arguments) {
    GuestInterpreter interpreter = ofThread();
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
  private GuestInterpreter ofThread() {
    Thread thread = Thread.currentThread();
    GuestInterpreter interpreter = this;
    while (interpreter.owner != null && interpreter.owner != thread) {
      if (interpreter.next == null) {
        interpreter.next = new GuestInterpreter(instance(), interpreted, frames);
      }
      interpreter = interpreter.next;
    }
    return interpreter;
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

package io.wattle.runtime.engine.endive;

import java.util.Deque;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.CallResult;
import run.endive.runtime.Instance;
import run.endive.runtime.MStack;
import run.endive.runtime.Machine;
import run.endive.runtime.StackFrame;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/**
 * An interpreter whose tail calls are ours. Endive's own fail at functions with locals and reach no
 * compiled ones.
 */
interface Interpreting {
  /** Interprets one function, as Endive's method {@code call} of the same parameters does. */
  long @Nullable [] interpret(
      MStack stack,
      Instance instance,
      Deque<StackFrame> callStack,
      int function,
      long[] arguments,
      Object @Nullable [] references,
      @Nullable FunctionType type,
      boolean popResults);

  /** What runs the function that is called, null when this interpreter does. */
  @Nullable Machine elsewhere(TailCall call);

  /**
   * Interprets a function and, in its place, those it ends in: however many they are, no more of
   * Java's stack is used as long as they are interpreted.
   */
  default long @Nullable [] follow(
      MStack stack,
      Instance instance,
      Deque<StackFrame> callStack,
      int function,
      long[] arguments,
      Object @Nullable [] references,
      @Nullable FunctionType type,
      boolean popResults) {
    int height = stack.size();
    try {
      return interpret(
          stack, instance, callStack, function, arguments, references, type, popResults);
    } catch (TailCall first) {
      return follow(stack, height, instance, callStack, first, popResults);
    }
  }

  private long @Nullable [] follow(
      MStack stack,
      int height,
      Instance instance,
      Deque<StackFrame> callStack,
      TailCall first,
      boolean popResults) {
    TailCall next = first;
    while (true) {
      FunctionType type = next.type();
      long[] arguments = new long[ValType.sizeOf(type.params())];
      Object[] references = take(stack, type, arguments);
      while (stack.size() > height) {
        var _ = stack.pop(); // what the function left behind that made the call
      }
      Machine machine = elsewhere(next);
      if (machine != null) {
        return answer(machine, next.function, type, arguments, references, stack, popResults);
      }
      try {
        return interpret(
            stack, instance, callStack, next.function, arguments, references, null, popResults);
      } catch (TailCall another) {
        next = another;
      }
    }
  }

  /** Takes arguments off the stack; the host references among them, null when there are none. */
  private static Object @Nullable [] take(MStack stack, FunctionType type, long[] arguments) {
    Object[] references = type.hasObjectRefParams() ? new Object[arguments.length] : null;
    int slot = arguments.length;
    for (ValType parameter : type.params().reversed()) {
      if (references != null && parameter.isObjectRef()) {
        slot--;
        arguments[slot] = stack.peek();
        references[slot] = stack.popRef();
      } else {
        for (int i = slots(parameter); i > 0; i--) {
          arguments[--slot] = stack.pop();
        }
      }
    }
    return references;
  }

  private static int slots(ValType type) {
    return type.equals(ValType.V128) ? 2 : 1;
  }

  /** Calls what another machine runs; the results go where those of a function here would. */
  private static long @Nullable [] answer(
      Machine machine,
      int function,
      FunctionType type,
      long[] arguments,
      Object @Nullable [] references,
      MStack stack,
      boolean popResults) {
    if (popResults) {
      return machine.call(function, arguments, references);
    }
    if (!type.hasObjectRefReturns()) {
      long[] results = machine.call(function, arguments, references);
      for (int i = 0; results != null && i < ValType.sizeOf(type.returns()); i++) {
        stack.push(results[i]);
      }
      return null;
    }
    CallResult result = machine.callWithRefs(function, arguments, references);
    int slot = 0;
    for (ValType each : type.returns()) {
      if (each.isObjectRef()) {
        stack.pushRef(result.refResult(slot++));
      } else {
        for (int i = slots(each); i > 0; i--) {
          stack.push(result.longResult(slot++));
        }
      }
    }
    return null;
  }
}

package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.Deque;
import java.util.Objects;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.CallResult;
import run.endive.runtime.Instance;
import run.endive.runtime.MStack;
import run.endive.runtime.Machine;
import run.endive.runtime.StackFrame;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;
import run.endive.wasm.types.Value;

/**
 * An interpreter whose tail calls are ours. Endive's own fail at functions with locals and reach no
 * compiled ones.
 */
@SuppressWarnings("ReferenceEquality") // instances are compared by identity
interface Interpreting {
  /** Stands for the function of a {@code call} that was a {@code call_ref}. */
  int REFERRED = -1;

  /** The same for {@code call_indirect}, whose type and table are the other operands. */
  int INDIRECT = -2;

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

  /** The function that a {@code call} is of which was another instruction. */
  static TailCall called(int instruction, IntToLongFunction operands, MStack stack, Instance self) {
    return switch (instruction) {
      case REFERRED -> referred(stack, self);
      case INDIRECT ->
          indirect(stack, self, (int) operands.applyAsLong(1), (int) operands.applyAsLong(2));
      default -> throw new IllegalStateException("a call of function " + instruction);
    };
  }

  /** That of an element of a table. */
  static TailCall indirect(MStack stack, Instance self, int type, int table) {
    GuestTable of = (GuestTable) self.table(table);
    int index = (int) stack.pop();
    int function = of.functionAt(index);
    Instance target = of.ownerAt(index);
    if (target == null || target == self) {
      WholeInterpreter.requireOwnType(type, function, self);
      return new TailCall(self, function);
    }
    GuestSupport.requireType(type, function, target, self);
    return new TailCall(target, function);
  }

  /** Calls a function with what lies on the stack, and puts there what it answers. */
  static void call(TailCall called, MStack stack) {
    FunctionType type = called.type();
    long[] arguments = new long[ValType.sizeOf(type.params())];
    Object[] references = take(stack, type, arguments);
    Machine machine = called.target.getMachine();
    var _ = answer(machine, called.function, type, arguments, references, stack, false);
  }

  /** The function that the reference on the stack is to. */
  static TailCall referred(MStack stack, Instance self) {
    int number = (int) stack.pop();
    if (number == Value.REF_NULL_VALUE) {
      throw new TrapException(Kind.TRAP, "call of a null function reference");
    }
    Roster roster = GuestSupport.owner(self).roster();
    long element = roster.element(number);
    return new TailCall(Objects.requireNonNull(roster.instance(element)), Roster.index(element));
  }

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

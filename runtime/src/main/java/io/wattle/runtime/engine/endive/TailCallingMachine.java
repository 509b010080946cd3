package io.wattle.runtime.engine.endive;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.CallResult;
import run.endive.runtime.Instance;

/**
 * What the machines of modules with tail calls extend. A compiled function that ends in one leaves
 * on the instance what is to be called next, and whoever called it sees to that. Endive's machine
 * does so in {@code call}, but not in {@code callWithRefs}, and reaches no other instance. Public
 * because generated classes live in a package and loader of their own; no API.
 */
public abstract class TailCallingMachine extends GuestMachine {
  /** Stands for a function of another instance, which is the only reference left with it. */
  private static final int ELSEWHERE = Integer.MIN_VALUE;

  private @Nullable Instance instance;

  /** A call that is to be made into another instance. */
  private record Call(
      Instance target, int function, long[] arguments, Object @Nullable [] references) {}

  /** For generated classes. */
  protected TailCallingMachine() {}

  void attach(Instance of) {
    instance = of;
  }

  /** Calls one function; it may have left another one to be called. */
  protected abstract long @Nullable [] callOnce(
      int function, long[] arguments, Object @Nullable [] references);

  /** The same with results that may be host references. */
  protected abstract CallResult callOnceWithRefs(
      int function, long[] arguments, Object @Nullable [] references);

  public final long @Nullable [] call(int function, long[] arguments) {
    return call(function, arguments, null);
  }

  public final long @Nullable [] call(
      int function, long[] arguments, Object @Nullable [] references) {
    Instance self = Objects.requireNonNull(instance);
    int next = function;
    long[] given = arguments;
    Object[] givenReferences = references;
    while (next != ELSEWHERE) {
      long[] results = callOnce(next, given, givenReferences);
      if (!self.isTailCallPending()) {
        return results;
      }
      next = self.tailCallFuncId();
      given = self.tailCallArgs();
      givenReferences = self.tailCallRefArgs();
      self.clearTailCall();
      checkInCircles();
    }
    Call call = elsewhere(givenReferences);
    return call.target.getMachine().call(call.function, call.arguments, call.references);
  }

  public final CallResult callWithRefs(
      int function, long[] arguments, Object @Nullable [] references) {
    Instance self = Objects.requireNonNull(instance);
    int next = function;
    long[] given = arguments;
    Object[] givenReferences = references;
    while (next != ELSEWHERE) {
      CallResult result = callOnceWithRefs(next, given, givenReferences);
      if (!self.isTailCallPending()) {
        return result;
      }
      next = self.tailCallFuncId();
      given = self.tailCallArgs();
      givenReferences = self.tailCallRefArgs();
      self.clearTailCall();
      checkInCircles();
    }
    Call call = elsewhere(givenReferences);
    return call.target.getMachine().callWithRefs(call.function, call.arguments, call.references);
  }

  /**
   * Functions that end in calls of each other go in circles only here, where HotSpot may have all
   * of them in one piece: what they look at when they begin it then may look at once.
   */
  private void checkInCircles() {
    StopSignal stop = signal;
    if (stop != null) {
      stop.check();
    }
  }

  private static Call elsewhere(Object @Nullable [] references) {
    return (Call) Objects.requireNonNull(Objects.requireNonNull(references)[0]);
  }

  /** Leaves a call into another instance for whoever called the function that ends in it. */
  static void leave(
      Instance self,
      Instance target,
      int function,
      long[] arguments,
      Object @Nullable [] references) {
    Call call = new Call(target, function, arguments, references);
    self.setTailCall(ELSEWHERE, arguments, new Object[] {call});
  }
}

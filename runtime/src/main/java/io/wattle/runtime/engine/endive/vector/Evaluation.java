package io.wattle.runtime.engine.endive.vector;

import io.wattle.runtime.engine.endive.vector.VectorOp.Operand;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part.Call;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part.Constant;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part.Half;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part.Value;
import io.wattle.runtime.engine.endive.vector.VectorOp.Result.Scalar;
import io.wattle.runtime.engine.endive.vector.VectorOp.Result.Vector;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import run.endive.runtime.MStack;

/**
 * What a vector instruction computes, on the interpreter's stack: there a vector is two longs, the
 * low half below the high one, and every other value is one.
 */
public final class Evaluation {
  private static final Map<LaneFunction, MethodHandle> HANDLES = new ConcurrentHashMap<>();

  private final int slots;
  private final List<Step> results;

  private Evaluation(int slots, List<Step> results) {
    this.slots = slots;
    this.results = results;
  }

  /** One number, computed from those taken off the stack. */
  private interface Step {
    long of(long[] operands);
  }

  /** Prepares to evaluate. */
  public static Evaluation of(VectorOp op) {
    int[] places = new int[op.operands().size()];
    int slots = 0;
    for (int i = 0; i < places.length; i++) {
      places[i] = slots;
      slots += op.operands().get(i) == Operand.VECTOR ? 2 : 1;
    }
    return new Evaluation(
        slots,
        switch (op.result()) {
          case Vector(Part low, Part high) -> List.of(step(low, places), step(high, places));
          case Scalar(Operand _, Part value) -> List.of(step(value, places));
        });
  }

  private static Step step(Part part, int[] places) {
    return switch (part) {
      case Half(int operand, boolean high) ->
          operands -> operands[places[operand] + (high ? 1 : 0)];
      case Value(int operand) -> operands -> operands[places[operand]];
      case Constant(long bits) -> _ -> bits;
      case Call(LaneFunction function, List<Part> arguments) ->
          call(
              HANDLES.computeIfAbsent(function, Evaluation::onLongs),
              arguments.stream().map(each -> step(each, places)).toArray(Step[]::new));
    };
  }

  private static Step call(MethodHandle function, Step[] arguments) {
    return operands -> {
      long[] values = new long[arguments.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = arguments[i].of(operands);
      }
      try {
        return (long) function.invokeExact(values);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    };
  }

  /** The function as one of an array of longs, of which an int is the lower half. */
  private static MethodHandle onLongs(LaneFunction function) {
    int parameters = function.type().parameterCount();
    Class<?>[] longs = new Class<?>[parameters];
    Arrays.fill(longs, long.class);
    return MethodHandles.explicitCastArguments(
            function.handle(), MethodType.methodType(long.class, longs))
        .asSpreader(long[].class, parameters);
  }

  /** Takes the operands off the stack and puts there what they give. */
  public void apply(MStack stack) {
    long[] operands = new long[slots];
    for (int i = slots - 1; i >= 0; i--) {
      operands[i] = stack.pop();
    }
    for (Step result : results) {
      stack.push(result.of(operands));
    }
  }
}

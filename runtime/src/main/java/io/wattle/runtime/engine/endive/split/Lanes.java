package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Held.Scalar;
import io.wattle.runtime.engine.endive.split.Held.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import run.endive.wasm.types.ValType;

/** Vectors of a stack seen in some shape. */
final class Lanes {
  final HeldStack stack;
  private final LocalShapes locals;

  Lanes(HeldStack stack, LocalShapes locals) {
    this.stack = stack;
    this.locals = locals;
  }

  /** The lanes of a vector for an operation that asks for that shape. */
  List<Code> of(Vector vector, Shape shape) {
    locals.asked(vector.local(), shape);
    return shape.of(vector.shape(), vector.lanes());
  }

  /** Pushes what code gives for each lane. */
  void push(Shape shape, boolean isSure, IntFunction<Code> lane) {
    List<Code> kept = new ArrayList<>();
    for (int i = 0; i < shape.count; i++) {
      kept.add(stack.settled(shape.lane(), lane.apply(i)));
    }
    stack.push(new Vector(shape, kept, -1, isSure));
  }

  void push(Shape shape, IntFunction<Code> lane) {
    push(shape, true, lane);
  }

  /** A number as the outcome. */
  void pushNumber(ValType type, Code code) {
    if (stack.isEmpty()) {
      stack.add(code);
    } else {
      stack.push(new Scalar(type, stack.settled(type, code)));
    }
  }

  /** Takes a vector from the stack, by its lanes. */
  List<Code> taken(Shape shape) {
    return of(stack.vector(), shape);
  }

  /** The same, as code that may be repeated. */
  List<Code> settled(Shape shape) {
    return taken(shape).stream().map(lane -> stack.settled(shape.lane(), lane)).toList();
  }
}

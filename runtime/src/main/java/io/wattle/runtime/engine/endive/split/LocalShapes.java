package io.wattle.runtime.engine.endive.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import run.endive.wasm.types.ValType;

/**
 * Which shapes a function's vectors have in locals: what most of the operations that take them from
 * there, or leave them there, ask for.
 */
final class LocalShapes {
  /** How much more often something is thought to run in a loop than around it. */
  private static final int OFTEN = 8;

  private static final int MOST = OFTEN * OFTEN * OFTEN * OFTEN;

  private final Shape[] shapes;
  private final List<Map<Shape, Long>> votes = new ArrayList<>();
  private int weight = 1;

  private LocalShapes(Shape[] shapes) {
    this.shapes = shapes;
    for (int i = 0; i < shapes.length; i++) {
      votes.add(new EnumMap<>(Shape.class));
    }
  }

  /** Those of a function with these locals, before anything is known. */
  static LocalShapes of(List<ValType> locals) {
    Shape[] shapes = new Shape[locals.size()];
    Arrays.fill(shapes, Shape.I64);
    return new LocalShapes(shapes);
  }

  Shape of(int local) {
    return shapes[local];
  }

  void enterLoop() {
    weight = weight < MOST ? weight * OFTEN : weight;
  }

  void leaveLoop(int before) {
    weight = before;
  }

  int weight() {
    return weight;
  }

  /** What comes from, or goes to, a local is asked for, or made, in a shape; -1 is no local. */
  void asked(int local, Shape shape) {
    if (local >= 0) {
      var _ = votes.get(local).merge(shape, (long) weight, Long::sum);
    }
  }

  /** What comes of it. */
  LocalShapes next() {
    Shape[] next = new Shape[shapes.length];
    for (int i = 0; i < next.length; i++) {
      next[i] = Shape.I64;
      Map<Shape, Long> of = votes.get(i);
      for (Shape shape : of.keySet()) {
        if (of.getOrDefault(shape, 0L) > of.getOrDefault(next[i], 0L)) {
          next[i] = shape;
        }
      }
    }
    return new LocalShapes(next);
  }
}

package io.wattle.lattice.wrpc;

import io.wattle.lattice.call.CallTarget;

/** Knows where a function's streams and futures are. Must not block. */
@FunctionalInterface
public interface AsyncShapeResolver {
  /** No function has any. */
  AsyncShapeResolver NONE = target -> AsyncShapes.NONE;

  /** The shapes of a function. */
  AsyncShapes shapes(CallTarget target);

  /** The shapes of the {@code wrpc:http} handlers, none for all others. */
  static AsyncShapeResolver standard() {
    return StandardShapes::of;
  }
}

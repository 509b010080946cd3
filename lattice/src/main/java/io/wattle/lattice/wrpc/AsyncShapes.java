package io.wattle.lattice.wrpc;

import io.wattle.lattice.call.AsyncShape;
import java.util.List;

/**
 * Where a function's streams and futures are.
 *
 * @param parameters paths begin with the parameter's position
 * @param results paths begin with 0
 */
public record AsyncShapes(List<AsyncShape> parameters, List<AsyncShape> results) {
  /** A function without streams and futures. */
  public static final AsyncShapes NONE = new AsyncShapes(List.of(), List.of());

  public AsyncShapes {
    parameters = List.copyOf(parameters);
    results = List.copyOf(results);
  }
}

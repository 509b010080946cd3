package io.wattle.lattice.call;

/**
 * Where a function has streams and futures, so that a receiver can subscribe before the first byte
 * (static index paths).
 *
 * @param kind stream of bytes or future
 * @param path index path, first element the parameter's position or 0 for the result
 */
public record AsyncShape(Kind kind, java.util.List<Integer> path) {
  public AsyncShape {
    path = java.util.List.copyOf(path);
  }

  /** What is at a path. */
  public enum Kind {
    BYTE_STREAM,
    FUTURE
  }
}

package io.wattle.lattice.call;

/**
 * The function that is called.
 *
 * @param id component or provider
 * @param instance WIT instance with version, {@code wrpc:keyvalue/store@0.2.0-draft}; empty for a
 *     function of the world
 * @param function as on the wire: {@code get}; methods are {@code foo.bar}
 */
public record CallTarget(String id, String instance, String function) {
  public CallTarget {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("id: empty (expected: component or provider id)");
    }
    if (function.isEmpty()) {
      throw new IllegalArgumentException("function: empty (expected: a WIT function name)");
    }
  }

  @Override
  public String toString() {
    return id + " " + (instance.isEmpty() ? function : instance + "." + function);
  }
}

package io.wattle.runtime.binary;

import java.util.List;

/**
 * A decoded component.
 *
 * @param offset where it starts in the binary
 * @param definitions in order
 */
public record ParsedComponent(int offset, List<Definition> definitions) {
  // Identity, not structure: definitions are compared and cached as the nodes they are.
  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}

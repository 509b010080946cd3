package io.wattle.runtime.plan;

import io.wattle.runtime.binary.Definition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A component or instance type: declarators and the scope they were written in. It has resource
 * types of its own each time it is evaluated.
 */
record TypeScheme(List<Definition> declarators, Scope outer, boolean component)
    implements Instantiable {
  // Identity, not structure: whether two are the same type is the matcher's question.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}

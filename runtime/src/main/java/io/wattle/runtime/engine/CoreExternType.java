package io.wattle.runtime.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The type of something that is imported or exported by a core module. */
public sealed interface CoreExternType {
  /** A function. */
  record Func(List<CoreValueType> parameters, List<CoreValueType> results)
      implements CoreExternType {
    public Func {
      parameters = List.copyOf(parameters);
      results = List.copyOf(results);
    }
  }

  /**
   * A table.
   *
   * @param min unsigned
   * @param max unsigned; null when unbounded
   * @param table64 whether its addresses are i64
   */
  record Table(CoreValueType element, long min, @Nullable Long max, boolean table64)
      implements CoreExternType {}

  /**
   * A memory in pages of 64 KiB.
   *
   * @param max null when unbounded
   * @param memory64 whether its addresses are i64
   */
  record Memory(long min, @Nullable Long max, boolean shared, boolean memory64)
      implements CoreExternType {}

  /** A global. */
  record Global(CoreValueType type, boolean mutable) implements CoreExternType {}

  /** An exception tag. */
  record Tag(Func type) implements CoreExternType {}
}

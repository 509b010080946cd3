package io.wattle.runtime.plan;

import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreValueType;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Core types the component model knows, and when one core type may stand for another. */
final class CoreTypes {
  static final CoreExternType.Func I32_TO_I32 = func(1, 1);
  static final CoreExternType.Func I32_TO_NOTHING = func(1, 0);
  static final CoreExternType.Func REALLOC = func(4, 1);

  private CoreTypes() {}

  private static CoreExternType.Func func(int parameters, int results) {
    return new CoreExternType.Func(
        Collections.nCopies(parameters, CoreValueType.I32),
        Collections.nCopies(results, CoreValueType.I32));
  }

  /** Whether {@code actual} may be imported as {@code wanted} (core specification, 4.5.2). */
  static boolean matches(CoreExternType actual, CoreExternType wanted) {
    return switch (wanted) {
      case CoreExternType.Func w -> w.equals(actual);
      case CoreExternType.Tag w -> w.equals(actual);
      case CoreExternType.Global w -> w.equals(actual);
      case CoreExternType.Table w ->
          actual instanceof CoreExternType.Table a
              && a.element() == w.element()
              && limits(a.min(), a.max(), w.min(), w.max());
      case CoreExternType.Memory w ->
          actual instanceof CoreExternType.Memory a
              && a.shared() == w.shared()
              && a.memory64() == w.memory64()
              && limits(a.min(), a.max(), w.min(), w.max());
    };
  }

  private static boolean limits(
      long min, @Nullable Long max, long wantedMin, @Nullable Long wantedMax) {
    return Long.compareUnsigned(min, wantedMin) >= 0
        && (wantedMax == null || (max != null && Long.compareUnsigned(max, wantedMax) <= 0));
  }

  /** A core type in words. */
  static String show(CoreExternType type) {
    return switch (type) {
      case CoreExternType.Func f -> "func " + show(f.parameters()) + " -> " + show(f.results());
      case CoreExternType.Table t -> "table of " + t.element() + ", " + t.min() + " or more";
      case CoreExternType.Memory m -> "memory of " + m.min() + " pages or more";
      case CoreExternType.Global g -> "global " + (g.mutable() ? "mut " : "") + g.type();
      case CoreExternType.Tag t -> "tag " + show(t.type());
    };
  }

  private static String show(List<CoreValueType> types) {
    return types.toString().toLowerCase(java.util.Locale.ROOT);
  }
}

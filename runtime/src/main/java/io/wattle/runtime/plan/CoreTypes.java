package io.wattle.runtime.plan;

import io.wattle.runtime.abi.PointerType;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreValueType;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Core types the component model knows, and when one core type may stand for another. */
final class CoreTypes {
  static final CoreExternType.Func I32_TO_I32 = func(1, 1);
  static final CoreExternType.Func I32_TO_NOTHING = func(1, 0);
  static final CoreExternType.Func CALLBACK = func(3, 1);

  private CoreTypes() {}

  /** The type of {@code realloc} for a memory with such pointers. */
  static CoreExternType.Func realloc(PointerType pointer) {
    CoreValueType type = pointer.core();
    return new CoreExternType.Func(Collections.nCopies(4, type), List.of(type));
  }

  static CoreExternType.Func func(int parameters, int results) {
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
              && a.table64() == w.table64()
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

  /** What keeps one core type from standing for another. */
  static String difference(CoreExternType actual, CoreExternType wanted) {
    String what =
        switch (wanted) {
          case CoreExternType.Table w
              when actual instanceof CoreExternType.Table a
                  && a.element() == w.element()
                  && a.table64() == w.table64() ->
              "mismatch in table limits, ";
          case CoreExternType.Memory w
              when actual instanceof CoreExternType.Memory a && a.shared() != w.shared() ->
              "mismatch in the shared flag for memories, ";
          case CoreExternType.Memory w
              when actual instanceof CoreExternType.Memory a && a.memory64() == w.memory64() ->
              "mismatch in memory limits, ";
          default -> "";
        };
    return what + "got " + show(actual) + " (expected: " + show(wanted) + ")";
  }

  /** A core type in words. */
  static String show(CoreExternType type) {
    return switch (type) {
      case CoreExternType.Func f -> "func " + show(f.parameters()) + " -> " + show(f.results());
      case CoreExternType.Table t ->
          (t.table64() ? "64-bit " : "")
              + "table of "
              + show(t.element())
              + ", "
              + limits(t.min(), t.max());
      case CoreExternType.Memory m ->
          (m.shared() ? "shared " : "")
              + (m.memory64() ? "64-bit " : "")
              + "memory of "
              + limits(m.min(), m.max())
              + " pages";
      case CoreExternType.Global g -> "global " + (g.mutable() ? "mut " : "") + show(g.type());
      case CoreExternType.Tag t -> "tag " + show(t.type());
    };
  }

  private static String show(List<CoreValueType> types) {
    return types.toString().toLowerCase(Locale.ROOT);
  }

  private static String show(CoreValueType type) {
    return type.toString().toLowerCase(Locale.ROOT);
  }

  private static String limits(long min, @Nullable Long max) {
    return Long.toUnsignedString(min)
        + (max == null ? " or more" : " to " + Long.toUnsignedString(max));
  }
}

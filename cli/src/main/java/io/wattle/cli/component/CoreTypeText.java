package io.wattle.cli.component;

import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreValueType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Types of a core module's exports as text. */
final class CoreTypeText {
  private CoreTypeText() {}

  static String of(CoreExternType type) {
    return switch (type) {
      case CoreExternType.Func f -> "func " + list(f.parameters()) + " -> " + list(f.results());
      case CoreExternType.Table t -> "table, " + limits(t.min(), t.max()) + " elements";
      case CoreExternType.Memory m -> "memory, " + limits(m.min(), m.max()) + " pages of 64 KiB";
      case CoreExternType.Global g -> (g.mutable() ? "mutable " : "") + "global " + name(g.type());
      case CoreExternType.Tag t -> "tag " + list(t.type().parameters());
    };
  }

  private static String limits(long min, @Nullable Long max) {
    return max == null ? "at least " + min : min + " to " + max;
  }

  private static String list(List<CoreValueType> types) {
    return types.stream().map(CoreTypeText::name).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String name(CoreValueType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}

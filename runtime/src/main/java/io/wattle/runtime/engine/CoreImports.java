package io.wattle.runtime.engine;

import org.jspecify.annotations.Nullable;

/** What a module's imports are satisfied with. */
@FunctionalInterface
public interface CoreImports {
  /** No imports. */
  CoreImports NONE = (module, name) -> null;

  /** The thing to import, or null when there is none (instantiation then fails and names it). */
  @Nullable CoreExtern get(String module, String name);

  /**
   * The same for an import of which the position is known too, in {@link CoreModule#imports}: who
   * has them in that order need not look for names.
   */
  default @Nullable CoreExtern get(int index, CoreModule.CoreImport wanted) {
    return get(wanted.module(), wanted.name());
  }

  /** The instance has what it imports; nothing of it has run yet, not even its start function. */
  default void linked(CoreInstance made) {}
}

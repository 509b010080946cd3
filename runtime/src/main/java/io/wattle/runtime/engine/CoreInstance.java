package io.wattle.runtime.engine;

import org.jspecify.annotations.Nullable;

/** An instance of a core module. */
public interface CoreInstance {
  /** What it exports under this name, or null. The same object each time. */
  @Nullable CoreExtern export(String name);
}

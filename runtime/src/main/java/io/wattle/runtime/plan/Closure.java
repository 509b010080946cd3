package io.wattle.runtime.plan;

import io.wattle.runtime.binary.ParsedComponent;
import org.jspecify.annotations.Nullable;

/** A component as written, and the scope it was written in. */
record Closure(ParsedComponent component, @Nullable Scope outer) implements Instantiable {}

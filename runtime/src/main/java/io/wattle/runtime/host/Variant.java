package io.wattle.runtime.host;

import org.jspecify.annotations.Nullable;

/** A variant's case and payload (null when the case has none). */
public record Variant(int index, @Nullable Object payload) {}

package io.wattle.runtime.wasi.filesystem;

import java.time.Instant;

/** {@code new-timestamp} of wasi:filesystem/types. */
public sealed interface NewTime {
  /** Leaves it. */
  record Keep() implements NewTime {}

  /** The time at which it is set. */
  record Now() implements NewTime {}

  /** A time. */
  record At(Instant time) implements NewTime {}
}

package io.wattle.runtime.host;

import org.jspecify.annotations.Nullable;

/** A result: ok or error, with its payload (null when that side has none). */
public record Result(boolean isOk, @Nullable Object payload) {
  /** Success without payload. */
  public static final Result OK = new Result(true, null);

  public static Result ok(@Nullable Object payload) {
    return new Result(true, payload);
  }

  public static Result err(@Nullable Object payload) {
    return new Result(false, payload);
  }
}

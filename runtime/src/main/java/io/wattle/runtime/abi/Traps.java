package io.wattle.runtime.abi;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;

/** Traps of the canonical ABI, with words. */
public final class Traps {
  private Traps() {}

  /** A rule of the canonical ABI was broken by the guest. */
  public static TrapException trap(String message) {
    return new TrapException(Kind.TRAP, message);
  }

  /** More than the host allows. */
  static TrapException limit(String message) {
    return new TrapException(Kind.LIMIT, message);
  }
}

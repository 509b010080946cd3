package io.wattle.host.component;

import io.wattle.lattice.call.CallException;
import io.wattle.runtime.engine.TrapException;

/** What a guest's end means to its caller, and what a callee's failure means to a guest. */
final class Traps {
  private Traps() {}

  /** The error a caller gets. */
  static CallException toCaller(String component, TrapException trap) {
    CallException.Kind kind =
        switch (trap.kind()) {
          case TRAP, LIMIT, EXIT -> CallException.Kind.TRAPPED;
          case BUSY -> CallException.Kind.BUSY;
          case DEADLINE -> CallException.Kind.TIMEOUT;
          case CANCELLED -> CallException.Kind.LOST;
          case IMPORT_FAILED -> CallException.Kind.FAILED;
        };
    return new CallException(kind, component + ": " + trap.getMessage(), trap);
  }

  /** How a guest ends whose import got no answer. */
  static TrapException toGuest(CallException failure) {
    TrapException.Kind kind =
        switch (failure.kind()) {
          case TIMEOUT -> TrapException.Kind.DEADLINE;
          case BUSY -> TrapException.Kind.BUSY;
          case NOT_FOUND, LOST, TRAPPED, MALFORMED, FAILED -> TrapException.Kind.IMPORT_FAILED;
        };
    return new TrapException(kind, String.valueOf(failure.getMessage()), failure);
  }
}

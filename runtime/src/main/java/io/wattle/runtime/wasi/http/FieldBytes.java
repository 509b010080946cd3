package io.wattle.runtime.wasi.http;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostCall;

/** What all fields of one instance take of the host's heap, which its memory limit does not see. */
final class FieldBytes {
  private static final long MOST = 8L << 20;

  private long held;

  static FieldBytes of(HostCall call) {
    return call.state(FieldBytes.class, FieldBytes::new);
  }

  void take(int bytes) {
    held += bytes;
    if (held > MOST) {
      throw new TrapException(
          TrapException.Kind.LIMIT,
          "fields of one instance: " + held + " bytes (expected: at most " + MOST + ")");
    }
  }

  void giveBack(int bytes) {
    held -= bytes;
  }
}

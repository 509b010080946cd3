package io.wattle.runtime.wasi.http;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostCall;
import java.util.ArrayList;
import java.util.List;

/**
 * What an instance has under way with others: when it ends, they must not wait for it any longer.
 */
final class OpenBodies implements AutoCloseable {
  private static final int TIDY_AT = 64;

  /** Each may hold a full pipe on the host's heap. */
  private static final int MOST = 256;

  private final List<Open> open = new ArrayList<>(2);

  /** Something that ends with the instance. */
  interface Open {
    /** Whether it has ended by itself. */
    boolean done();

    /** Ends it, unless it has ended. */
    void abandon(String reason);
  }

  static OpenBodies of(HostCall call) {
    return call.state(OpenBodies.class, OpenBodies::new);
  }

  void add(Open body) {
    // A proxy that runs for hours opens many, one after the other.
    if (open.size() >= TIDY_AT) {
      open.removeIf(Open::done);
    }
    if (open.size() >= MOST) {
      throw new TrapException(
          TrapException.Kind.LIMIT, "more than " + MOST + " bodies and requests open at once");
    }
    open.add(body);
  }

  @Override
  public void close() {
    for (Open body : open) {
      if (!body.done()) {
        body.abandon("the component ended before it finished the body");
      }
    }
    open.clear();
  }
}

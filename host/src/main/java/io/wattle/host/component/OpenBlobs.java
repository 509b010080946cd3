package io.wattle.host.component;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostCall;
import java.util.ArrayList;
import java.util.List;

/** The blobs that an instance reads and writes: when it ends, nobody waits for it any longer. */
final class OpenBlobs implements AutoCloseable {
  /** Each has a pipe on the host's heap, and a file or a stream at the provider's. */
  private static final int MOST = 64;

  private final List<Open> open = new ArrayList<>(2);

  /** One of them. */
  interface Open {
    /** Whether it has ended. */
    boolean done();

    /** Ends it, unless it has ended. */
    void abandon(String reason);
  }

  static void add(HostCall call, Open blob) {
    call.state(OpenBlobs.class, OpenBlobs::new).add(blob);
  }

  private void add(Open blob) {
    open.removeIf(Open::done);
    if (open.size() >= MOST) {
      blob.abandon("too many are open");
      throw new TrapException(
          TrapException.Kind.LIMIT, "more than " + MOST + " blobs open at once");
    }
    open.add(blob);
  }

  @Override
  public void close() {
    open.forEach(blob -> blob.abandon("the component ended before it was whole"));
    open.clear();
  }
}

package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says to all guests of one store that they have to end, and why. */
final class StopSignal {
  volatile boolean stopped;

  private record Reason(Kind kind, String text) {}

  private volatile @Nullable Reason reason;
  private final List<Stoppable> watchers = new ArrayList<>(4);

  synchronized void watch(Stoppable watcher) {
    watchers.add(watcher);
    set(watcher, stopped);
  }

  /** The first reason counts. */
  synchronized void stop(Kind kind, String text) {
    if (reason == null) {
      reason = new Reason(kind, text);
      set(true);
    }
  }

  synchronized void clear() {
    set(false);
    reason = null;
  }

  private void set(boolean value) {
    stopped = value;
    for (Stoppable watcher : watchers) {
      set(watcher, value);
    }
  }

  private static void set(Stoppable watcher, boolean value) {
    watcher.stopping = value;
    watcher.stopped = value;
  }

  void check() {
    if (stopped) {
      throw trap();
    }
  }

  /** The trap a stopped guest ends with. */
  TrapException trap() {
    Reason why = reason;
    return why == null
        ? new TrapException(Kind.CANCELLED, "stopped")
        : new TrapException(why.kind, why.text);
  }
}

package io.wattle.host.component;

import io.wattle.runtime.LinkedComponent;

/**
 * One version of a component's code, linked. It is closed when it was replaced and the last
 * invocation on it is over.
 */
final class Generation {
  private final LinkedComponent linked;
  private int users;
  private boolean retired;
  private boolean closed;

  Generation(LinkedComponent linked) {
    this.linked = linked;
  }

  LinkedComponent linked() {
    return linked;
  }

  /** Whether an invocation may start on it; then {@link #leave} must follow. */
  synchronized boolean enter() {
    if (retired) {
      return false;
    }
    users++;
    return true;
  }

  void leave() {
    boolean last;
    synchronized (this) {
      users--;
      last = retired && users == 0 && !closed;
      closed |= last;
    }
    if (last) {
      linked.close();
    }
  }

  /** No new invocations; it closes itself after the last. */
  void retire() {
    boolean last;
    synchronized (this) {
      retired = true;
      last = users == 0 && !closed;
      closed |= last;
    }
    if (last) {
      linked.close();
    }
  }

  /** Stops what still runs. */
  void stop() {
    synchronized (this) {
      retired = true;
      if (closed) {
        return;
      }
      closed = true;
    }
    linked.close();
  }
}

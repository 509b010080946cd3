package io.wattle.runtime.wasi.io;

/**
 * Something a guest can wait for: the host's side of the resource {@code wasi:io/poll.pollable}.
 */
public interface Pollable {
  /** Ready at any time. */
  Pollable ALWAYS =
      new Pollable() {
        @Override
        public boolean ready() {
          return true;
        }

        @Override
        public void whenReady(Runnable wake) {
          wake.run();
        }
      };

  /** Whether it is ready now. Does not block. */
  boolean ready();

  /**
   * Runs {@code wake}, from any thread, when it has become ready; at once if it is. It may also run
   * for nothing: the waiter looks again. A later call replaces the {@code wake} of an earlier one.
   */
  void whenReady(Runnable wake);

  /** Nanoseconds until time alone makes it ready; {@link Long#MAX_VALUE} if an event does. */
  default long nanosLeft() {
    return Long.MAX_VALUE;
  }
}

package io.wattle.runtime.wasi.io;

import io.wattle.wit.io.Ticker;

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

  /** Ready {@code nanos} (unsigned) after {@code start}; never if that is beyond 292 years. */
  static Pollable timer(Ticker ticker, long start, long nanos) {
    long wait = nanos < 0 ? Long.MAX_VALUE : nanos;
    return new Pollable() {
      @Override
      public boolean ready() {
        return ticker.nanos() - start >= wait;
      }

      @Override
      public void whenReady(Runnable wake) {}

      @Override
      public long nanosLeft() {
        return wait - (ticker.nanos() - start);
      }
    };
  }

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

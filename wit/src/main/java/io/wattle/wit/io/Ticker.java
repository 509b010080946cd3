package io.wattle.wit.io;

/** A monotonic clock in nanoseconds, injected so that tests decide what time it is. */
@FunctionalInterface
public interface Ticker {
  /** The system's monotonic clock. */
  Ticker SYSTEM = System::nanoTime;

  /** Nanoseconds since an arbitrary start. */
  long nanos();
}

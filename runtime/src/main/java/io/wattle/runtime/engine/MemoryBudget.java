package io.wattle.runtime.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all guests of one engine may hold together, so that many guests, each inside its
 * own limit, cannot take the host's heap. Thread-safe.
 */
public final class MemoryBudget {
  private final long capacity;
  private final AtomicLong used = new AtomicLong();

  /**
   * @param capacity in bytes
   */
  public MemoryBudget(long capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: > 0)");
    }
    this.capacity = capacity;
  }

  /** Takes the bytes if there are as many left. */
  public boolean tryTake(long bytes) {
    long before = used.get();
    while (before + bytes <= capacity) {
      long seen = used.compareAndExchange(before, before + bytes);
      if (seen == before) {
        return true;
      }
      before = seen;
    }
    return false;
  }

  /** Puts bytes back that were taken. */
  public void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }

  /** Whether as many bytes are left now; takes none. */
  public boolean hasRoom(long bytes) {
    return used.get() + bytes <= capacity;
  }

  /** Bytes taken now. */
  public long used() {
    return used.get();
  }

  /** Bytes there are in all. */
  public long capacity() {
    return capacity;
  }
}

package io.wattle.runtime.engine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that all guests of one engine may hold together, so that many guests, each inside its
 * own limit, cannot take the host's heap. An eighth of it is kept for guests that hold little (a
 * sixty-fourth at most): a few large guests cannot take from their neighbours the small change that
 * every request needs. Thread-safe.
 */
public final class MemoryBudget {
  private static final int RESERVED_PART = 8;
  private static final int LITTLE_PART = 64;

  private final long capacity;
  private final @Nullable MemoryBudget whole;
  private final AtomicLong used = new AtomicLong();

  /** Gives back what can be spared, at least as many bytes if it can; says whether it gave some. */
  private volatile LongPredicate spared = _ -> false;

  /**
   * @param capacity in bytes
   */
  public MemoryBudget(long capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: > 0)");
    }
    this.capacity = capacity;
    this.whole = null;
  }

  private MemoryBudget(MemoryBudget whole) {
    this.capacity = whole.capacity;
    this.whole = whole;
  }

  /** What is taken through it is taken from this and counted apart as well: one user's part. */
  public MemoryBudget part() {
    return new MemoryBudget(this);
  }

  /**
   * Takes the bytes if there are as many left for one who holds {@code held} bytes already.
   *
   * @param bytes wanted
   * @param held what the asker has
   */
  public boolean tryTake(long bytes, long held) {
    if (whole == null) {
      return takeHere(bytes, held) || (spared.test(bytes) && takeHere(bytes, held));
    }
    if (!whole.tryTake(bytes, held)) {
      return false;
    }
    used.addAndGet(bytes);
    return true;
  }

  /** Who is asked for bytes that can be spared when there are not enough. Of a whole budget. */
  public void onShortage(LongPredicate giver) {
    spared = giver;
  }

  private boolean takeHere(long bytes, long held) {
    long limit = limit(bytes + held);
    long before = used.get();
    while (before + bytes <= limit) {
      long seen = used.compareAndExchange(before, before + bytes);
      if (seen == before) {
        return true;
      }
      before = seen;
    }
    return false;
  }

  private long limit(long wouldHold) {
    return wouldHold <= capacity / LITTLE_PART ? capacity : capacity - capacity / RESERVED_PART;
  }

  /** Puts bytes back that were taken. */
  public void giveBack(long bytes) {
    used.addAndGet(-bytes);
    if (whole != null) {
      whole.giveBack(bytes);
    }
  }

  /** Whether as many bytes are left now, or were spared, for one who holds {@code held}. */
  public boolean hasRoom(long bytes, long held) {
    if (whole != null) {
      return whole.hasRoom(bytes, held);
    }
    long limit = limit(bytes + held);
    return used.get() + bytes <= limit
        || (bytes <= limit && spared.test(bytes) && used.get() + bytes <= limit);
  }

  /** Bytes taken now; of a part, those taken through it. */
  public long used() {
    return used.get();
  }

  /** Bytes there are in all. */
  public long capacity() {
    return capacity;
  }
}

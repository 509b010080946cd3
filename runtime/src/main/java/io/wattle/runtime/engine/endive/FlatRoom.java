package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.MemoryBudget;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What an engine gives to memories that are arrays of their own although others could do with
 * shared pages: a quarter of the budget, as long as half of it is left, and only until somebody
 * else needs it. Then stores that wait for their next use lose theirs.
 */
final class FlatRoom {
  private static final int PART = 4;
  private static final int FREE_PART = 2;

  /**
   * A memory that is larger at first stays in pages: copying it for one instance costs too much.
   */
  private static final long LARGEST = 32L << 20;

  private static final long BETWEEN_LOOKS = Duration.ofSeconds(1).toNanos();

  private final MemoryBudget budget;
  private final Consumer<EndiveModule> maker;
  private final int hotAfter;
  private final LongSupplier clock;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong lastLook;
  private final Set<EndiveStore> stores = ConcurrentHashMap.newKeySet();

  /**
   * @param hotAfter uses within ten seconds
   * @param maker has second code made, some time
   */
  FlatRoom(MemoryBudget budget, int hotAfter, LongSupplier clock, Consumer<EndiveModule> maker) {
    this.budget = budget;
    this.hotAfter = hotAfter;
    this.clock = clock;
    this.maker = maker;
    this.lastLook = new AtomicLong(clock.getAsLong());
    budget.onShortage(this::reclaim);
  }

  Heat heat() {
    return new Heat(hotAfter, clock);
  }

  void make(EndiveModule module) {
    maker.accept(module);
  }

  boolean isTooLarge(long bytes) {
    return bytes > Math.min(LARGEST, budget.capacity() / PART);
  }

  boolean has(long bytes) {
    return used.get() + bytes <= budget.capacity() / PART
        && budget.used() + bytes <= budget.capacity() / FREE_PART;
  }

  /** Bytes of arrays now. */
  long used() {
    return used.get();
  }

  void count(long bytes) {
    used.addAndGet(bytes);
  }

  void add(EndiveStore store) {
    stores.add(store);
  }

  void remove(EndiveStore store) {
    stores.remove(store);
  }

  /** Stores that were not used since the last look make room, if that was a while ago. */
  void look() {
    long before = lastLook.get();
    long now = clock.getAsLong();
    if (now - before >= BETWEEN_LOOKS && lastLook.compareAndSet(before, now)) {
      for (EndiveStore store : stores) {
        if (!store.forgetUse()) {
          store.reclaim();
        }
      }
    }
  }

  /** Takes memory from stores that wait for their next use. */
  private boolean reclaim(long wanted) {
    long freed = 0;
    for (EndiveStore store : stores) {
      if (freed >= wanted) {
        break;
      }
      freed += store.reclaim();
    }
    return freed > 0;
  }
}

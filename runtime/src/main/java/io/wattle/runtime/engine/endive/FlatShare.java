package io.wattle.runtime.engine.endive;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which stores of one snapshot get {@link MarkedMemory}: as many as are kept and reset, once the
 * snapshot is hot and all of its modules have code for that. All memories of a store are of one
 * kind, because its instances may share them. Thread-safe.
 */
final class FlatShare {
  /** Stores beyond those kept are made for at most one use in so many: copies are dear. */
  private static final int USES_FOR_EACH = 64;

  private final FlatRoom room;
  private final Heat heat;

  /** Those that have or see a memory. */
  private final List<EndiveModule> modules;

  private final long bytes;
  private final boolean possible;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final AtomicInteger alive = new AtomicInteger();
  private final AtomicLong made = new AtomicLong();
  private final AtomicLong reused = new AtomicLong();
  private volatile boolean ready;

  FlatShare(FlatRoom room, List<GuestInstance.Image> instances) {
    this.room = room;
    this.heat = room.heat();
    this.modules =
        instances.stream()
            .map(GuestInstance.Image::module)
            .filter(EndiveModule::hasMemory)
            .distinct()
            .toList();
    this.bytes = instances.stream().mapToLong(GuestInstance.Image::memoryBytes).sum();
    this.possible = bytes > 0 && !room.isTooLarge(bytes);
  }

  FlatRoom room() {
    return room;
  }

  Heat heat() {
    return heat;
  }

  /** Whether uses count still. */
  boolean isWarming() {
    return possible && !ready && !asked.get();
  }

  /** Asks for code once it is hot and could have some. */
  private boolean isReady() {
    if (ready || !possible) {
      return ready;
    }
    if (haveSecond()) {
      ready = true;
    } else if (!asked.get() && heat.isHot() && areCompiled() && asked.compareAndSet(false, true)) {
      modules.forEach(room::make);
      // Where the compiler's executor is the caller itself, it is there now.
      ready = haveSecond();
    }
    return ready;
  }

  private boolean haveSecond() {
    for (EndiveModule module : modules) {
      if (!module.hasSecond()) {
        return false;
      }
    }
    return true;
  }

  private boolean areCompiled() {
    for (EndiveModule module : modules) {
      if (!module.running().compiled()) {
        return false;
      }
    }
    return true;
  }

  /** Whether the next store would get one. */
  boolean gives(int kept) {
    return isReady()
        && alive.get() < kept
        && made.get() <= kept + reused.get() / USES_FOR_EACH
        && room.has(bytes);
  }

  /**
   * Takes one for a new store.
   *
   * @param kept how many stores its maker keeps
   */
  boolean take(int kept) {
    if (gives(kept)) {
      if (alive.incrementAndGet() <= kept) {
        made.incrementAndGet();
        return true;
      }
      alive.decrementAndGet();
    } else if (ready && alive.get() < kept) {
      room.look();
    }
    return false;
  }

  void reused() {
    reused.incrementAndGet();
  }

  void ended() {
    alive.decrementAndGet();
  }
}

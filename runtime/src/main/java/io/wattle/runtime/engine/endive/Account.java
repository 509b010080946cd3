package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.MemoryBudget;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Memory;

/**
 * What one store holds of the engine's budget. Linear memory counts against the store's limit when
 * it is granted, but against the budget only when a page becomes private, in portions; page tables
 * and table elements count at once, and so do objects, which share the limit of linear memory. A
 * guest that finds the budget empty at a store ends as BUSY: there is no answer -1 for a store
 * instruction.
 */
final class Account {
  /** Taken from the budget at a time, so that few stores meet its counter. */
  private static final int PORTION = 16 * GuestMemory.PAGE;

  /** Objects of an instance that are not pages: arrays, globals, maps. */
  private static final int INSTANCE_BYTES = 4096;

  /** A table element: an index and the ordinal of its instance, copied while it grows. */
  private static final int ELEMENT_BYTES = 16;

  private final StoreLimits limits;
  private final MemoryBudget budget;
  private final StopSignal signal;
  private final @Nullable FlatRoom room;
  private @Nullable ObjectHeap heap;
  private long linear;
  private long objects;
  private long flat;
  private long elements;
  private int instances;
  private long held;
  private long paidAhead;
  private boolean closed;

  /**
   * @param room where what memories take at once is counted too; null when nowhere
   */
  Account(StoreLimits limits, MemoryBudget budget, StopSignal signal, @Nullable FlatRoom room) {
    this.room = room;
    this.limits = limits;
    this.budget = budget;
    this.signal = signal;
  }

  StopSignal signal() {
    return signal;
  }

  /** What may be asked for room where there is none. */
  void reclaimBy(ObjectHeap of) {
    heap = of;
  }

  void admitInstance() {
    if (instances >= limits.instances()) {
      throw new TrapException(
          Kind.LIMIT, "core instances: more than " + limits.instances() + " (the store's limit)");
    }
    take(INSTANCE_BYTES);
    instances++;
  }

  void admitMemory(long bytes, long tableBytes) {
    if (exceeds(bytes) && !reclaimed(() -> !exceeds(bytes))) {
      throw tooMuchMemory(bytes);
    }
    take(tableBytes);
    countFlat(tableBytes);
    linear += bytes;
  }

  /** Traps when the store may not have so many pages of 64 KiB more. */
  void requireMemory(long pages) {
    if (exceeds(pages * Memory.PAGE_SIZE)) {
      throw tooMuchMemory(pages * Memory.PAGE_SIZE);
    }
  }

  private TrapException tooMuchMemory(long bytes) {
    return new TrapException(
        Kind.LIMIT,
        "linear memory: "
            + (linear + bytes)
            + " bytes (expected: <= "
            + limits.memoryBytes()
            + ", the store's limit)");
  }

  private boolean exceeds(long bytes) {
    return linear + objects + bytes > limits.memoryBytes();
  }

  private boolean reclaimed(BooleanSupplier attempt) {
    ObjectHeap of = heap;
    return of != null && of.makeRoom(attempt);
  }

  boolean growMemory(long bytes, long tableBytes) {
    return tryGrowMemory(bytes, tableBytes)
        || (objects > 0 && reclaimed(() -> tryGrowMemory(bytes, tableBytes)));
  }

  private boolean tryGrowMemory(long bytes, long tableBytes) {
    if (exceeds(bytes)
        || !budget.hasRoom(bytes + tableBytes, held)
        || !budget.tryTake(tableBytes, held)) {
      return false;
    }
    held += tableBytes;
    countFlat(tableBytes);
    linear += bytes;
    return true;
  }

  /** Objects of structs and arrays, before they are made. */
  boolean growObjects(long bytes) {
    if (exceeds(bytes) || !budget.tryTake(bytes, held)) {
      return false;
    }
    held += bytes;
    objects += bytes;
    return true;
  }

  /** Objects that are gone. */
  void shrinkObjects(long bytes) {
    if (!closed) {
      objects -= bytes;
      release(bytes);
    }
  }

  /** Traps when there would not be room for so many bytes of objects were there no others. */
  void requirePossible(long bytes) {
    if (linear + bytes > limits.memoryBytes()) {
      throw noRoom(bytes);
    }
  }

  /** Why there is no room for more objects. */
  TrapException noRoom(long bytes) {
    if (!exceeds(bytes)) {
      return usedUp();
    }
    return new TrapException(
        Kind.LIMIT,
        "memory: "
            + (objects + bytes)
            + " bytes of objects and "
            + linear
            + " of linear memory (expected: together <= "
            + limits.memoryBytes()
            + ", the store's limit)");
  }

  void shrinkMemory(long bytes, long tableBytes) {
    linear -= bytes;
    countFlat(-tableBytes);
    release(tableBytes);
  }

  private void countFlat(long bytes) {
    if (room != null) {
      room.count(bytes);
      flat += bytes;
    }
  }

  void takePage() {
    if (paidAhead < GuestMemory.PAGE) {
      take(PORTION);
      paidAhead += PORTION;
    }
    paidAhead -= GuestMemory.PAGE;
  }

  void giveBackPages(int pages) {
    paidAhead += (long) pages * GuestMemory.PAGE;
    if (paidAhead > PORTION) {
      release(paidAhead - PORTION);
      paidAhead = PORTION;
    }
  }

  /** Bytes that a snapshot answers for from now on. */
  void handOver(long bytes) {
    held -= bytes;
  }

  void admitElements(long count) {
    if (!growElements(count)) {
      throw new TrapException(
          Kind.LIMIT,
          "table elements: "
              + (elements + count)
              + " (expected: <= "
              + limits.tableElements()
              + ", the store's limit, and room in the host's memory budget)");
    }
  }

  boolean growElements(long count) {
    if (elements + count > limits.tableElements() || !budget.tryTake(count * ELEMENT_BYTES, held)) {
      return false;
    }
    held += count * ELEMENT_BYTES;
    elements += count;
    return true;
  }

  void shrinkElements(long count) {
    elements -= count;
    release(count * ELEMENT_BYTES);
  }

  private void take(long bytes) {
    if (!budget.tryTake(bytes, held)) {
      throw usedUp();
    }
    held += bytes;
  }

  private TrapException usedUp() {
    return new TrapException(
        Kind.BUSY,
        "the host's memory budget of " + budget.capacity() + " bytes is used up; try again later");
  }

  private void release(long bytes) {
    budget.giveBack(bytes);
    held -= bytes;
  }

  void close() {
    closed = true;
    objects = 0;
    budget.giveBack(held);
    held = 0;
    countFlat(-flat);
  }

  /**
   * Throws StackOverflowError while nothing is half done yet. Called before steps that must not be
   * torn apart by one: they need fewer frames than this.
   */
  static int probeStack(int frames) {
    return frames == 0 ? 0 : probeStack(frames - 1) + 1;
  }
}

package io.wattle.runtime.engine.endive;

import java.util.Arrays;
import run.endive.wasm.types.MemoryLimits;

/**
 * An array with a mark for each 4 KiB that a store ended in, so that a reset copies only those. A
 * store of up to eight bytes marks one page although it may begin in the one before: whoever looks
 * at a mark counts the last bytes of the page before it as written too, and no store has to ask
 * whether it crosses.
 */
final class MarkedMemory extends ArrayMemory {
  /** How far a store may reach into the page before the one it marks. */
  private static final int BEFORE = Long.BYTES - 1;

  /** Marks looked at together; there are sixteen for each 64 KiB. */
  private static final int TOGETHER = Long.BYTES;

  /** What the array may be longer than the snapshot's memory once that is restored, in bytes. */
  private static final int SPARE = 4 << 20;

  private static final byte[] NONE = {};

  /**
   * Not zero for pages that were stored to since the last reset. As many as the memory has pages,
   * so that a store outside finds no mark.
   */
  private byte[] marks;

  /** Copies what the image has that is not zero. */
  MarkedMemory(MemoryLimits limits, Account account, Image image) {
    super(limits, account, image);
    marks = new byte[largePages * SMALL_PER_LARGE];
    restoreAll();
  }

  private void restoreAll() {
    byte[][] pages = golden.pages();
    for (int page = 0; page < pages.length; page++) {
      if (isNotZero(page)) {
        System.arraycopy(pages[page], 0, bytes, page << SHIFT, PAGE);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // the one page of zeros
  private boolean isNotZero(int page) {
    return golden.pages()[page] != ZERO;
  }

  @Override
  boolean isUnchanged(int page) {
    return marks[page] == 0 && (page + 1 == marks.length || marks[page + 1] == 0);
  }

  // --- snapshot and reset

  @Override
  Image freeze() {
    Image image = super.freeze();
    Arrays.fill(marks, (byte) 0);
    return image;
  }

  /** The array stays as long as it is, unless that is far too long. */
  @Override
  void reset() {
    boolean grew = largePages != golden.largePages();
    if (!grew || !shorten()) {
      for (int group = 0; group < marks.length; group += TOGETHER) {
        if ((long) LONG.get(marks, group) != 0) {
          restoreMarked(group);
        }
      }
    }
    if (grew) {
      account.shrinkMemory((long) (largePages - golden.largePages()) * PAGE_SIZE, 0);
      largePages = golden.largePages();
      fit();
      marks = new byte[largePages * SMALL_PER_LARGE];
    }
  }

  private void restoreMarked(int group) {
    for (int page = group; page < group + TOGETHER; page++) {
      if (marks[page] != 0) {
        restore(page, 0);
        if (page > 0) {
          restore(page - 1, PAGE - BEFORE);
        }
      }
    }
    LONG.set(marks, group, 0L);
  }

  /** From that byte of the page to its end. */
  private void restore(int page, int from) {
    byte[][] before = golden.pages();
    System.arraycopy(
        page < before.length ? before[page] : ZERO,
        from,
        bytes,
        (page << SHIFT) + from,
        PAGE - from);
  }

  /** A new array of the snapshot's length, where this one is far longer and the heap has one. */
  private boolean shorten() {
    int length = golden.largePages() * PAGE_SIZE;
    int spare = bytes.length - length;
    if (spare <= Math.max(length, SPARE)) {
      return false;
    }
    try {
      bytes = new byte[length];
    } catch (OutOfMemoryError e) {
      return false;
    }
    account.shrinkMemory(0, spare);
    restoreAll();
    return true;
  }

  /** Gives up the array. The memory has no bytes from then on. */
  void discard() {
    largePages = 0;
    bytes = NONE;
    marks = NONE;
    fit();
  }

  // --- pages

  /** Who grows does so again after each reset. */
  @Override
  long lengthFor(long needed) {
    return half();
  }

  @Override
  void lengthen(int pages) {
    marks = Arrays.copyOf(marks, pages);
  }

  @Override
  byte[] writable(long at) {
    marks[(int) (at >>> SHIFT)] = 1;
    return bytes;
  }

  @Override
  boolean isKnownZero(long at) {
    int page = (int) (at >>> SHIFT);
    return isUnchanged(page) && (page >= golden.pages().length || !isNotZero(page));
  }

  // --- what generated code calls. There are as many marks as pages, so that looking for the mark
  // of the
  // last byte is the comparison with the memory's end; that of its first is Java's own.

  @Override
  void touch(int at, int size) {
    int last = (at + size - 1) >> SHIFT;
    for (int page = at >> SHIFT; page <= last; page++) {
      marks[page] = 1;
    }
  }

  @Override
  void set8(int at, byte value) {
    try {
      marks[at >>> SHIFT] = 1;
      bytes[at] = value;
    } catch (IndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  @Override
  void set16(int at, short value) {
    try {
      marks[(at + 1) >>> SHIFT] = 1;
      SHORT.set(bytes, at, value);
    } catch (IndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  @Override
  void set32(int at, int value) {
    try {
      marks[(at + 3) >>> SHIFT] = 1;
      INT.set(bytes, at, value);
    } catch (IndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  @Override
  void set64(int at, long value) {
    try {
      marks[(at + 7) >>> SHIFT] = 1;
      LONG.set(bytes, at, value);
    } catch (IndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }
}

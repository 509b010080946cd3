package io.wattle.runtime.engine.endive;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.MemoryLimits;

/**
 * A linear memory of 4 KiB pages that are shared with a snapshot (or one page of zeros) until they
 * are written. Loads go through {@code seen}, stores through {@code own}, which is null where the
 * page is still shared: the first store to a page takes a private copy, and its bytes from the
 * budget.
 */
final class PagedMemory extends GuestMemory {
  /** What one 64 KiB page costs in page tables: two references for each 4 KiB. */
  private static final int TABLE_BYTES = SMALL_PER_LARGE * 2 * Integer.BYTES;

  /** Private pages kept for the next run after a reset. */
  private static final int MAX_SPARE = 64;

  private static final byte[] @Nullable [] NO_PAGES = {};

  private byte[] @Nullable [] own;
  private byte[][] seen;
  private int[] dirty = new int[16];
  private int dirtyCount;
  private byte[] @Nullable [] spare = NO_PAGES;
  private int spareCount;

  PagedMemory(MemoryLimits limits, Account account, Image image) {
    super(limits, account, image, TABLE_BYTES);
    seen = image.pages().clone();
    own = new byte[seen.length][];
  }

  // --- snapshot and reset

  /** Shares the present content: what is private now becomes the snapshot's. */
  @Override
  Image freeze() {
    long bytes = privateBytes();
    golden = new Image(seen.clone(), largePages, bytes);
    own = new byte[seen.length][];
    dirtyCount = 0;
    account.handOver(bytes);
    return golden;
  }

  /** Private pages are kept for the next run, up to a bound. */
  @Override
  void reset() {
    byte[][] before = golden.pages();
    if (largePages != golden.largePages()) {
      account.shrinkMemory(
          (long) (largePages - golden.largePages()) * PAGE_SIZE,
          (long) (largePages - golden.largePages()) * TABLE_BYTES);
      largePages = golden.largePages();
      seen = Arrays.copyOf(seen, before.length);
      keepDirtyPages();
      own = Arrays.copyOf(own, before.length);
    } else {
      keepDirtyPages();
    }
  }

  private void keepDirtyPages() {
    byte[][] before = golden.pages();
    if (spareCount + dirtyCount > spare.length && spare.length < MAX_SPARE) {
      spare = Arrays.copyOf(spare, Math.min(MAX_SPARE, spareCount + dirtyCount));
    }
    int released = 0;
    for (int i = 0; i < dirtyCount; i++) {
      int page = dirty[i];
      if (spareCount < spare.length) {
        spare[spareCount++] = own[page];
      } else {
        released++;
      }
      own[page] = null;
      if (page < before.length) {
        seen[page] = before[page];
      }
    }
    dirtyCount = 0;
    account.giveBackPages(released);
  }

  @Override
  long privateBytes() {
    return (long) dirtyCount * PAGE;
  }

  @Override
  boolean growTo(int wanted) {
    int by = wanted - largePages;
    if (!account.growMemory((long) by * PAGE_SIZE, (long) by * TABLE_BYTES)) {
      return false;
    }
    int small = wanted * SMALL_PER_LARGE;
    byte[] @Nullable [] moreOwn = Arrays.copyOf(own, small);
    byte[][] moreSeen = Arrays.copyOf(seen, small);
    Arrays.fill(moreSeen, seen.length, small, ZERO);
    own = moreOwn;
    seen = moreSeen;
    return true;
  }

  // --- pages

  @Override
  byte[] readable(long at) {
    return seen[(int) (at >>> SHIFT)];
  }

  @Override
  byte[] writable(long at) {
    return writable((int) (at >>> SHIFT));
  }

  @Override
  int index(long at) {
    return (int) at & MASK;
  }

  @Override
  boolean isKnownZero(long at) {
    return readable(at) == ZERO;
  }

  private byte[] writable(int page) {
    byte[] mine = own[page];
    return mine != null ? mine : copyPage(page);
  }

  private byte[] copyPage(int page) {
    byte[] shared = seen[page];
    Account.probeStack(8);
    byte[] copy;
    if (spareCount > 0) {
      copy = Objects.requireNonNull(spare[--spareCount]);
      spare[spareCount] = null;
      System.arraycopy(shared, 0, copy, 0, PAGE);
    } else {
      account.takePage();
      copy = shared.clone();
    }
    if (dirtyCount == dirty.length) {
      dirty = Arrays.copyOf(dirty, dirtyCount * 2);
    }
    dirty[dirtyCount++] = page;
    seen[page] = copy;
    own[page] = copy;
    return copy;
  }

  // --- loads and stores at effective addresses; what generated code calls

  @Override
  byte load8(long ea) {
    try {
      return seen[(int) (ea >>> SHIFT)][(int) ea & MASK];
    } catch (ArrayIndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  @Override
  short load16(long ea) {
    int page = (int) (ea >>> SHIFT);
    int offset = (int) ea & MASK;
    byte[][] pages = seen;
    try {
      if (offset <= PAGE - 2) {
        return (short) SHORT.get(pages[page], offset);
      }
      return (short) ((pages[page][MASK] & 0xff) | pages[page + 1][0] << 8);
    } catch (ArrayIndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  @Override
  int load32(long ea) {
    int page = (int) (ea >>> SHIFT);
    int offset = (int) ea & MASK;
    byte[][] pages = seen;
    try {
      if (offset <= PAGE - 4) {
        return (int) INT.get(pages[page], offset);
      }
      int shift = (offset - (PAGE - 4)) * Byte.SIZE;
      return (int) INT.get(pages[page], PAGE - 4) >>> shift
          | (int) INT.get(pages[page + 1], 0) << -shift;
    } catch (ArrayIndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  @Override
  long load64(long ea) {
    int page = (int) (ea >>> SHIFT);
    int offset = (int) ea & MASK;
    byte[][] pages = seen;
    try {
      if (offset <= PAGE - 8) {
        return (long) LONG.get(pages[page], offset);
      }
      int shift = (offset - (PAGE - 8)) * Byte.SIZE;
      return (long) LONG.get(pages[page], PAGE - 8) >>> shift
          | (long) LONG.get(pages[page + 1], 0) << -shift;
    } catch (ArrayIndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  @Override
  void store8(long ea, byte value) {
    int page = (int) (ea >>> SHIFT);
    byte[] @Nullable [] pages = own;
    if (page < pages.length) {
      byte[] bytes = pages[page];
      if (bytes != null) {
        bytes[(int) ea & MASK] = value;
        return;
      }
    }
    storeBytes(ea, value, 1);
  }

  @Override
  void store16(long ea, short value) {
    int page = (int) (ea >>> SHIFT);
    int offset = (int) ea & MASK;
    byte[] @Nullable [] pages = own;
    if (page < pages.length && offset <= PAGE - 2) {
      byte[] bytes = pages[page];
      if (bytes != null) {
        SHORT.set(bytes, offset, value);
        return;
      }
    }
    storeBytes(ea, value, 2);
  }

  @Override
  void store32(long ea, int value) {
    int page = (int) (ea >>> SHIFT);
    int offset = (int) ea & MASK;
    byte[] @Nullable [] pages = own;
    if (page < pages.length && offset <= PAGE - 4) {
      byte[] bytes = pages[page];
      if (bytes != null) {
        INT.set(bytes, offset, value);
        return;
      }
    }
    storeBytes(ea, value, 4);
  }

  @Override
  void store64(long ea, long value) {
    int page = (int) (ea >>> SHIFT);
    int offset = (int) ea & MASK;
    byte[] @Nullable [] pages = own;
    if (page < pages.length && offset <= PAGE - 8) {
      byte[] bytes = pages[page];
      if (bytes != null) {
        LONG.set(bytes, offset, value);
        return;
      }
    }
    storeBytes(ea, value, 8);
  }

  /**
   * A store to a page that is shared yet, to two pages, or out of bounds. The only call that a
   * store makes: HotSpot's compiler gives up registers at each that it sees.
   */
  private void storeBytes(long ea, long value, int count) {
    int first = (int) (ea >>> SHIFT);
    int last = (int) ((ea + count - 1) >>> SHIFT);
    if (last >= own.length) {
      throw outOfBounds();
    }
    byte[] low = writable(first);
    byte[] high = writable(last);
    long rest = value;
    for (int i = 0; i < count; i++) {
      long at = ea + i;
      ((int) (at >>> SHIFT) == first ? low : high)[(int) at & MASK] = (byte) rest;
      rest >>>= Byte.SIZE;
    }
  }
}

package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.Arrays;
import run.endive.wasm.types.MemoryLimits;

/**
 * A linear memory of one array of its own, all of it taken from the budget at once, in which an
 * access costs a comparison and the load.
 */
final class FlatMemory extends GuestMemory {
  /** The longest array that there may be. */
  private static final long LONGEST = (long) Integer.MAX_VALUE + 1 - PAGE_SIZE;

  /** At least as long as the memory, so that it can grow. */
  private byte[] bytes;

  /** The memory's length. */
  private long end;

  /**
   * Copies the image.
   *
   * @throws TrapException of kind LIMIT for 2 GiB and more
   */
  FlatMemory(MemoryLimits limits, Account account, Image image) {
    super(limits, account, image, PAGE_SIZE);
    end = byteSize();
    if (end > LONGEST) {
      throw new TrapException(
          Kind.LIMIT, "linear memory: " + end + " bytes (expected: < 2 GiB, being flat)");
    }
    bytes = new byte[(int) end];
    restore();
  }

  private void restore() {
    byte[][] pages = golden.pages();
    for (int page = 0; page < pages.length; page++) {
      System.arraycopy(pages[page], 0, bytes, page << SHIFT, PAGE);
    }
  }

  /** Copies the present content: pages of zeros cost nothing. */
  @Override
  Image freeze() {
    byte[][] pages = new byte[largePages * SMALL_PER_LARGE][];
    long copied = 0;
    for (int page = 0; page < pages.length; page++) {
      int at = page << SHIFT;
      if (Arrays.equals(bytes, at, at + PAGE, ZERO, 0, PAGE)) {
        pages[page] = ZERO;
      } else {
        account.takePage();
        pages[page] = Arrays.copyOfRange(bytes, at, at + PAGE);
        copied += PAGE;
      }
    }
    golden = new Image(pages, largePages, copied);
    account.handOver(copied);
    return golden;
  }

  /** The array stays as long as it is. */
  @Override
  void reset() {
    Arrays.fill(bytes, golden.pages().length << SHIFT, (int) end, (byte) 0);
    account.shrinkMemory((long) (largePages - golden.largePages()) * PAGE_SIZE, 0);
    largePages = golden.largePages();
    end = byteSize();
    restore();
  }

  @Override
  long privateBytes() {
    return bytes.length;
  }

  /** Half as much again, so that growing in small steps does not copy everything each time. */
  @Override
  boolean growTo(int wanted) {
    long needed = (long) wanted * PAGE_SIZE;
    if (needed > LONGEST) {
      return false;
    }
    long by = needed - end;
    long before = bytes.length;
    long length = Math.min(Math.max(needed, before + before / 2), LONGEST);
    if (needed <= before || !account.growMemory(by, length - before)) {
      length = Math.max(needed, before);
      if (!account.growMemory(by, length - before)) {
        return false;
      }
    }
    if (length > before) {
      try {
        bytes = Arrays.copyOf(bytes, (int) length);
      } catch (OutOfMemoryError e) { // the budget is not the heap: no room for both in one piece
        account.shrinkMemory(by, length - before);
        return false;
      }
    }
    end = needed;
    return true;
  }

  @Override
  byte[] readable(long at) {
    return bytes;
  }

  @Override
  byte[] writable(long at) {
    return bytes;
  }

  @Override
  int index(long at) {
    return (int) at;
  }

  @Override
  boolean isKnownZero(long at) {
    return false;
  }

  // --- loads and stores at effective addresses; what generated code calls

  @Override
  byte load8(long ea) {
    if (ea >= end) {
      throw outOfBounds();
    }
    return bytes[(int) ea];
  }

  @Override
  void store8(long ea, byte value) {
    if (ea >= end) {
      throw outOfBounds();
    }
    bytes[(int) ea] = value;
  }

  @Override
  short load16(long ea) {
    if (ea > end - 2) {
      throw outOfBounds();
    }
    return (short) SHORT.get(bytes, (int) ea);
  }

  @Override
  void store16(long ea, short value) {
    if (ea > end - 2) {
      throw outOfBounds();
    }
    SHORT.set(bytes, (int) ea, value);
  }

  @Override
  int load32(long ea) {
    if (ea > end - 4) {
      throw outOfBounds();
    }
    return (int) INT.get(bytes, (int) ea);
  }

  @Override
  void store32(long ea, int value) {
    if (ea > end - 4) {
      throw outOfBounds();
    }
    INT.set(bytes, (int) ea, value);
  }

  @Override
  long load64(long ea) {
    if (ea > end - 8) {
      throw outOfBounds();
    }
    return (long) LONG.get(bytes, (int) ea);
  }

  @Override
  void store64(long ea, long value) {
    if (ea > end - 8) {
      throw outOfBounds();
    }
    LONG.set(bytes, (int) ea, value);
  }
}

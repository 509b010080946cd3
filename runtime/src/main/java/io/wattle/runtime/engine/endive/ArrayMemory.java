package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.Arrays;
import run.endive.wasm.types.MemoryLimits;

/**
 * A linear memory of one array of its own, all of it taken from the budget at once, in which an
 * access costs a comparison and the load.
 */
abstract sealed class ArrayMemory extends GuestMemory permits FlatMemory, MarkedMemory {
  /** The longest array that there may be. */
  private static final long LONGEST = (long) Integer.MAX_VALUE + 1 - PAGE_SIZE;

  /** At least as long as the memory, so that it can grow; zeros behind the memory's end. */
  byte[] bytes;

  /** The memory's length. */
  long end;

  /**
   * Allocates; all zero yet.
   *
   * @throws TrapException of kind LIMIT for 2 GiB and more, BUSY when the heap has no such array
   */
  ArrayMemory(MemoryLimits limits, Account account, Image image) {
    super(limits, account, image, PAGE_SIZE);
    long length = byteSize();
    if (length > LONGEST) {
      throw new TrapException(
          Kind.LIMIT, "linear memory: " + length + " bytes (expected: < 2 GiB, being flat)");
    }
    try {
      bytes = new byte[(int) length];
    } catch (OutOfMemoryError e) { // the budget is not the heap
      throw new TrapException(
          Kind.BUSY, "the heap has no " + length + " bytes in one piece; try again later");
    }
    end = length;
  }

  /** Makes ready for as many pages of 4 KiB. */
  abstract void lengthen(int pages);

  /** Whether a page of 4 KiB is surely what it was in the image. */
  abstract boolean isUnchanged(int page);

  /** Copies the present content, but for unchanged pages; those of zeros cost nothing. */
  @Override
  Image freeze() {
    byte[][] before = golden.pages();
    byte[][] pages = new byte[largePages * SMALL_PER_LARGE][];
    long copied = 0;
    for (int page = 0; page < pages.length; page++) {
      int at = page << SHIFT;
      if (isUnchanged(page)) {
        pages[page] = page < before.length ? before[page] : ZERO;
      } else if (Arrays.equals(bytes, at, at + PAGE, ZERO, 0, PAGE)) {
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
    try {
      byte[] longer = length > before ? Arrays.copyOf(bytes, (int) length) : bytes;
      lengthen(wanted * SMALL_PER_LARGE);
      bytes = longer;
    } catch (OutOfMemoryError e) { // the budget is not the heap: no room for both in one piece
      account.shrinkMemory(by, length - before);
      return false;
    }
    end = needed;
    return true;
  }

  @Override
  byte[] readable(long at) {
    return bytes;
  }

  @Override
  int index(long at) {
    return (int) at;
  }

  // --- loads at effective addresses; what generated code calls

  @Override
  final byte load8(long ea) {
    if (ea >= end) {
      throw outOfBounds();
    }
    return bytes[(int) ea];
  }

  @Override
  final short load16(long ea) {
    if (ea > end - 2) {
      throw outOfBounds();
    }
    return (short) SHORT.get(bytes, (int) ea);
  }

  @Override
  final int load32(long ea) {
    if (ea > end - 4) {
      throw outOfBounds();
    }
    return (int) INT.get(bytes, (int) ea);
  }

  @Override
  final long load64(long ea) {
    if (ea > end - 8) {
      throw outOfBounds();
    }
    return (long) LONG.get(bytes, (int) ea);
  }
}

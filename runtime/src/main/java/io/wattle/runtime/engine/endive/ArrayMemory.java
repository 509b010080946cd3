package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.MemoryLimits;

/**
 * A linear memory of one array of its own, all of it taken from the budget at once. While the array
 * is as long as the memory, Java's own check of the index is the check of the memory's end; only
 * where it is longer, so that growing does not copy it each time, an access compares by itself.
 */
abstract sealed class ArrayMemory extends GuestMemory permits FlatMemory, MarkedMemory {
  /** Bytes up to which a copy is made at once, whatever it copies. */
  private static final int SHORT_COPY = 16 << 10;

  /** The longest array that there may be. */
  private static final long LONGEST = (long) Integer.MAX_VALUE + 1 - PAGE_SIZE;

  /** At least as long as the memory; zeros behind the memory's end. */
  byte[] bytes;

  /**
   * The same where it is as long as the memory, else null: whether it is null costs nothing to ask,
   * since who looks at an array's length has to know.
   */
  byte @Nullable [] exact;

  /** The memory's length. */
  private int end;

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
    fit();
  }

  /** After each change of the memory's length or the array's. */
  final void fit() {
    end = (int) byteSize();
    exact = bytes.length == end ? bytes : null;
  }

  /** How long an array shall be for a memory that has outgrown its own. */
  abstract long lengthFor(long needed);

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
  final long half() {
    return bytes.length + (long) bytes.length / 2;
  }

  @Override
  boolean growTo(int wanted) {
    long needed = (long) wanted * PAGE_SIZE;
    if (needed > LONGEST) {
      return false;
    }
    long by = needed - end;
    long before = bytes.length;
    long length = Math.min(Math.max(needed, lengthFor(needed)), LONGEST);
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
    largePages = wanted;
    fit();
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

  // --- what generated code calls

  private boolean isWithin(int at, int size) {
    return at >= 0 && at <= end - size;
  }

  private static boolean isShort(int size) {
    return size >= 0 && size <= SHORT_COPY;
  }

  /** Before bytes are written which are within the memory. */
  abstract void touch(int at, int size);

  final void move(int to, int from, int size) {
    if (isShort(size) && isWithin(to, size) && isWithin(from, size)) {
      touch(to, size);
      System.arraycopy(bytes, from, bytes, to, size);
    } else {
      copy(to, from, size);
    }
  }

  final void set(int to, byte value, int size) {
    if (isShort(size) && isWithin(to, size)) {
      touch(to, size);
      Arrays.fill(bytes, to, to + size, value);
    } else {
      fill(Integer.toUnsignedLong(to), value, Integer.toUnsignedLong(size));
    }
  }

  /**
   * Index of an address: negative, or behind every array, where the sum is 2 GiB and more. One
   * comparison, which HotSpot needs only once for all fields of what an address points to.
   */
  static int at(int base, int offset) {
    if (offset != 0 && (base < 0 || offset < 0)) {
      return -1;
    }
    return base + offset;
  }

  private static int at(long ea) {
    return (int) Math.min(ea, Integer.MAX_VALUE);
  }

  /** The array where it is longer than the memory, for an access that does not go beyond that. */
  final byte[] longer(int at, int size) {
    if (at > end - size) {
      throw outOfBounds();
    }
    return bytes;
  }

  final byte get8(int at) {
    byte[] all = exact;
    if (all == null) {
      all = longer(at, 1);
    }
    try {
      return all[at];
    } catch (IndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  final short get16(int at) {
    byte[] all = exact;
    if (all == null) {
      all = longer(at, 2);
    }
    try {
      return (short) SHORT.get(all, at);
    } catch (IndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  final int get32(int at) {
    byte[] all = exact;
    if (all == null) {
      all = longer(at, 4);
    }
    try {
      return (int) INT.get(all, at);
    } catch (IndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  final long get64(int at) {
    byte[] all = exact;
    if (all == null) {
      all = longer(at, 8);
    }
    try {
      return (long) LONG.get(all, at);
    } catch (IndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  abstract void set8(int at, byte value);

  abstract void set16(int at, short value);

  abstract void set32(int at, int value);

  abstract void set64(int at, long value);

  // --- the same at effective addresses

  @Override
  final byte load8(long ea) {
    return get8(at(ea));
  }

  @Override
  final short load16(long ea) {
    return get16(at(ea));
  }

  @Override
  final int load32(long ea) {
    return get32(at(ea));
  }

  @Override
  final long load64(long ea) {
    return get64(at(ea));
  }

  @Override
  final void store8(long ea, byte value) {
    set8(at(ea), value);
  }

  @Override
  final void store16(long ea, short value) {
    set16(at(ea), value);
  }

  @Override
  final void store32(long ea, int value) {
    set32(at(ea), value);
  }

  @Override
  final void store64(long ea, long value) {
    set64(at(ea), value);
  }
}

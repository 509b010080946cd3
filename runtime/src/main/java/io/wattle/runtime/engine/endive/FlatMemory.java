package io.wattle.runtime.engine.endive;

import java.util.Arrays;
import run.endive.wasm.types.MemoryLimits;

/** An array that is copied as a whole: for few memories that live long. */
final class FlatMemory extends ArrayMemory {
  /**
   * Bytes that growing may copy so that the array is as long as the memory and accesses need not
   * compare: 15 to 30 ms of processor time. Who grows more gets longer arrays instead.
   */
  private static final long COPIES = 256L << 20;

  private long copied;

  /** Copies the image. */
  FlatMemory(MemoryLimits limits, Account account, Image image) {
    super(limits, account, image);
    restore();
  }

  private void restore() {
    byte[][] pages = golden.pages();
    for (int page = 0; page < pages.length; page++) {
      System.arraycopy(pages[page], 0, bytes, page << SHIFT, PAGE);
    }
  }

  /** The array stays as long as it is. */
  @Override
  void reset() {
    Arrays.fill(bytes, golden.pages().length << SHIFT, (int) byteSize(), (byte) 0);
    account.shrinkMemory((long) (largePages - golden.largePages()) * PAGE_SIZE, 0);
    largePages = golden.largePages();
    fit();
    restore();
  }

  @Override
  long lengthFor(long needed) {
    copied += bytes.length;
    return copied <= COPIES ? needed : half();
  }

  @Override
  void lengthen(int pages) {}

  @Override
  boolean isUnchanged(int page) {
    return false;
  }

  @Override
  byte[] writable(long at) {
    return bytes;
  }

  @Override
  boolean isKnownZero(long at) {
    return false;
  }

  // --- what generated code calls

  @Override
  void touch(int at, int size) {}

  @Override
  void set8(int at, byte value) {
    byte[] all = exact;
    if (all == null) {
      all = longer(at, 1);
    }
    try {
      all[at] = value;
    } catch (IndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  @Override
  void set16(int at, short value) {
    byte[] all = exact;
    if (all == null) {
      all = longer(at, 2);
    }
    try {
      SHORT.set(all, at, value);
    } catch (IndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  @Override
  void set32(int at, int value) {
    byte[] all = exact;
    if (all == null) {
      all = longer(at, 4);
    }
    try {
      INT.set(all, at, value);
    } catch (IndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  @Override
  void set64(int at, long value) {
    byte[] all = exact;
    if (all == null) {
      all = longer(at, 8);
    }
    try {
      LONG.set(all, at, value);
    } catch (IndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }
}

package io.wattle.runtime.engine.endive;

import java.util.Arrays;
import run.endive.wasm.types.MemoryLimits;

/** An array that is copied as a whole: for few memories that live long. */
final class FlatMemory extends ArrayMemory {
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
    Arrays.fill(bytes, golden.pages().length << SHIFT, (int) end, (byte) 0);
    account.shrinkMemory((long) (largePages - golden.largePages()) * PAGE_SIZE, 0);
    largePages = golden.largePages();
    end = byteSize();
    restore();
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

  // --- stores at effective addresses; what generated code calls

  @Override
  void store8(long ea, byte value) {
    if (ea >= end) {
      throw outOfBounds();
    }
    bytes[(int) ea] = value;
  }

  @Override
  void store16(long ea, short value) {
    if (ea > end - 2) {
      throw outOfBounds();
    }
    SHORT.set(bytes, (int) ea, value);
  }

  @Override
  void store32(long ea, int value) {
    if (ea > end - 4) {
      throw outOfBounds();
    }
    INT.set(bytes, (int) ea, value);
  }

  @Override
  void store64(long ea, long value) {
    if (ea > end - 8) {
      throw outOfBounds();
    }
    LONG.set(bytes, (int) ea, value);
  }
}

package io.wattle.runtime.engine.endive;

import org.jspecify.annotations.Nullable;
import run.endive.wasm.InvalidException;
import run.endive.wasm.types.TableLimits;

/** Limits of 64 bits, which become such of 32 (core specification, 5.3.11). */
enum NarrowLimits {
  /** One page less than 32 bits could address, so that nothing is at the last address. */
  OF_MEMORY((1 << 16) - 1, 1L << 48),
  /** As many elements as Endive takes. */
  OF_TABLE(TableLimits.LIMIT_MAX, -1);

  private static final int MAXIMUM = 1;
  private static final int ADDRESSES_64 = 4;
  private static final int OTHER_PAGES = 8;

  private final long highest;
  private final long valid;

  /**
   * @param highest what they become at most
   * @param valid what they may be at most, unsigned (core specification, 3.2.17)
   */
  NarrowLimits(long highest, long valid) {
    this.highest = highest;
    this.valid = valid;
  }

  /**
   * Reads limits, and writes them anew if they are of 64 bits.
   *
   * @return those, null when they are of 32 bits
   * @throws UnsupportedOperationException when they are something else
   */
  AddressTypes.@Nullable Limits read(Instructions in, Rewriter out) {
    int start = in.at();
    int flags = in.u8();
    if (flags >= OTHER_PAGES) {
      throw new UnsupportedOperationException("limits with flags " + flags);
    }
    boolean hasMaximum = (flags & MAXIMUM) != 0;
    if ((flags & ADDRESSES_64) == 0) {
      in.skipLeb();
      if (hasMaximum) {
        in.skipLeb();
      }
      return null;
    }
    long min = in.unsigned(Long.SIZE);
    Long max = hasMaximum ? in.unsigned(Long.SIZE) : null;
    if (max != null && Long.compareUnsigned(min, max) > 0) {
      throw new InvalidException("size minimum must not be greater than maximum");
    }
    if (Long.compareUnsigned(max == null ? min : max, valid) > 0) {
      throw new InvalidException("memory size must be at most " + valid + " pages (2^64 bytes)");
    }
    out.upTo(start).bytes(flags & ~ADDRESSES_64).unsigned(least(min));
    if (max != null) {
      out.unsigned(least(max));
    }
    out.skipTo(in.at());
    return new AddressTypes.Limits(min, max);
  }

  private int least(long value) {
    return (int) (Long.compareUnsigned(value, highest) < 0 ? value : highest);
  }
}

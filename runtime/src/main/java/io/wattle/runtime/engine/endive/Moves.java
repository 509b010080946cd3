package io.wattle.runtime.engine.endive;

import java.util.Arrays;

/**
 * Where instructions are in a binary that was rewritten. Addresses count from the start of the code
 * section's content, as those of debug information do.
 */
final class Moves {
  private int[] before = new int[64];
  private int[] after = new int[64];
  private int count;

  /** From one address on, up to the next that is said, everything is this far from another. */
  void add(int from, int to) {
    if (count == before.length) {
      before = Arrays.copyOf(before, 2 * count);
      after = Arrays.copyOf(after, 2 * count);
    }
    before[count] = from;
    after[count++] = to;
  }

  /** Where what was at an address is now. */
  int of(int address) {
    int found = Arrays.binarySearch(before, 0, count, address);
    int last = found >= 0 ? found : -found - 2;
    return last < 0 ? address : after[last] + (address - before[last]);
  }
}

package io.wattle.controlplane.plan;

import java.util.List;

/** Spreads a number evenly while moving as little as possible. */
final class Level {
  private Level() {}

  /**
   * New counts with the sum {@code wanted}: the smallest are raised, or the greatest lowered, until
   * it is reached. Earlier ones get more where it does not divide.
   */
  static long[] to(long wanted, List<Long> counts) {
    long[] result = counts.stream().mapToLong(Long::longValue).toArray();
    long sum = counts.stream().mapToLong(Long::longValue).sum();
    if (counts.isEmpty() || sum == wanted) {
      return result;
    }
    boolean up = sum < wanted;
    long low = 0;
    long high = Math.max(wanted, sum);
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      if (sum(counts, middle, up) <= wanted) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    long level = low;
    long rest = wanted - sum(counts, level, up);
    for (int i = 0; i < result.length; i++) {
      boolean moves = up ? result[i] <= level : result[i] > level;
      if (moves) {
        result[i] = level + (rest > 0 ? 1 : 0);
        rest -= rest > 0 ? 1 : 0;
      }
    }
    return result;
  }

  private static long sum(List<Long> counts, long level, boolean up) {
    return counts.stream().mapToLong(c -> up ? Math.max(c, level) : Math.min(c, level)).sum();
  }
}

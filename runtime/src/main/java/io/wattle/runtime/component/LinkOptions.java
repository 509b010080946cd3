package io.wattle.runtime.component;

import io.wattle.runtime.engine.MemoryBudget;
import io.wattle.runtime.engine.StoreLimits;
import org.jspecify.annotations.Nullable;

/**
 * How a component runs.
 *
 * @param limits of each instance
 * @param idleInstances how many reset instances are kept for the next invocation
 * @param maxValueBytes bytes of values that one call may move out of the guest
 * @param memory the part of the engine's budget that its instances take from; null for the whole
 */
public record LinkOptions(
    StoreLimits limits, int idleInstances, long maxValueBytes, @Nullable MemoryBudget memory) {
  /** Default limits, 16 idle instances, 128 MiB of values a call. */
  public static final LinkOptions DEFAULT = new LinkOptions(StoreLimits.DEFAULT, 16, 128L << 20);

  /** Takes memory from the whole budget. */
  public LinkOptions(StoreLimits limits, int idleInstances, long maxValueBytes) {
    this(limits, idleInstances, maxValueBytes, null);
  }

  public LinkOptions {
    if (idleInstances < 0) {
      throw new IllegalArgumentException("idleInstances: " + idleInstances + " (expected: >= 0)");
    }
    if (maxValueBytes < 1) {
      throw new IllegalArgumentException("maxValueBytes: " + maxValueBytes + " (expected: >= 1)");
    }
  }
}

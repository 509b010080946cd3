package io.wattle.runtime.component;

import io.wattle.runtime.engine.StoreLimits;

/**
 * How a component runs.
 *
 * @param limits of each instance
 * @param idleInstances how many reset instances are kept for the next invocation
 * @param maxValueBytes bytes of values that one call may move out of the guest
 */
public record LinkOptions(StoreLimits limits, int idleInstances, long maxValueBytes) {
  /** Default limits, 16 idle instances, 128 MiB of values a call. */
  public static final LinkOptions DEFAULT = new LinkOptions(StoreLimits.DEFAULT, 16, 128L << 20);

  public LinkOptions {
    if (idleInstances < 0) {
      throw new IllegalArgumentException("idleInstances: " + idleInstances + " (expected: >= 0)");
    }
    if (maxValueBytes < 1) {
      throw new IllegalArgumentException("maxValueBytes: " + maxValueBytes + " (expected: >= 1)");
    }
  }
}

package io.wattle.runtime.engine;

/**
 * Limits of one graph of instances.
 *
 * @param memoryBytes linear memory of all its memories together, in bytes
 * @param tableElements elements of all its tables together
 * @param instances core instances
 */
public record StoreLimits(long memoryBytes, int tableElements, int instances) {
  /** 256 MiB, a million elements, 100 instances. */
  public static final StoreLimits DEFAULT = new StoreLimits(256L << 20, 1_000_000, 100);
}

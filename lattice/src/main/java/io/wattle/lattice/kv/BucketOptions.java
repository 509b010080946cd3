package io.wattle.lattice.kv;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a bucket is made when it is not there; one that is there is used as it is.
 *
 * @param replicas copies; 3 where there are three servers
 * @param history values kept for each key, 1 to 64
 * @param maxAge after which a key is gone; null for never
 */
public record BucketOptions(int replicas, int history, @Nullable Duration maxAge) {
  /** One copy, one value, for ever. */
  public static final BucketOptions DEFAULT = new BucketOptions(1, 1, null);

  public BucketOptions {
    if (replicas < 1 || replicas > 5) {
      throw new IllegalArgumentException("replicas: " + replicas + " (expected: 1 to 5)");
    }
    if (history < 1 || history > 64) {
      throw new IllegalArgumentException("history: " + history + " (expected: 1 to 64)");
    }
  }

  /** With so many copies. */
  public BucketOptions withReplicas(int other) {
    return new BucketOptions(other, history, maxAge);
  }

  /** With another age. */
  public BucketOptions withMaxAge(Duration other) {
    return new BucketOptions(replicas, history, other);
  }

  /** With another history. */
  public BucketOptions withHistory(int other) {
    return new BucketOptions(replicas, other, maxAge);
  }
}

package io.wattle.lattice.kv;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a bucket is made when it is not there; one that is there is used as it is, except that it
 * gets the copies it should have ({@link Replicas}).
 *
 * @param history values kept for each key, 1 to 64
 * @param maxAge after which a key is gone; null for never
 */
public record BucketOptions(int history, @Nullable Duration maxAge) {
  /** One value, for ever. */
  public static final BucketOptions DEFAULT = new BucketOptions(1, null);

  public BucketOptions {
    if (history < 1 || history > 64) {
      throw new IllegalArgumentException("history: " + history + " (expected: 1 to 64)");
    }
  }

  /** With another age. */
  public BucketOptions withMaxAge(Duration other) {
    return new BucketOptions(history, other);
  }

  /** With another history. */
  public BucketOptions withHistory(int other) {
    return new BucketOptions(other, maxAge);
  }
}

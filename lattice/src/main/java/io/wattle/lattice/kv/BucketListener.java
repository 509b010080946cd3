package io.wattle.lattice.kv;

/** Hears of changes in a bucket, in order. */
public interface BucketListener {
  /** A key has this value. */
  void put(String key, byte[] value, long revision);

  /** A key has no value any more. */
  void deleted(String key, long revision);

  /** As above, with what the marker says that was left in its place; mostly nothing. */
  default void deleted(String key, byte[] marker, long revision) {
    deleted(key, revision);
  }

  /** What was there at the start has been told. Called once. */
  default void current() {}
}

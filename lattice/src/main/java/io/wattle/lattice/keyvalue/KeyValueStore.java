package io.wattle.lattice.keyvalue;

import io.wattle.lattice.call.CallContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Key-value stores by bucket, as {@code wrpc:keyvalue} store, atomics and batch see them (section
 * 6.7). The same interface for one who calls and one who serves; {@code context} says on whose
 * behalf.
 */
public interface KeyValueStore {

  /** The value of a key. */
  Optional<byte[]> get(CallContext context, String bucket, String key)
      throws KeyValueException, InterruptedException;

  /** Sets a key. */
  void set(CallContext context, String bucket, String key, byte[] value)
      throws KeyValueException, InterruptedException;

  /** Deletes a key, if there. */
  void delete(CallContext context, String bucket, String key)
      throws KeyValueException, InterruptedException;

  /** Whether a key is there. */
  boolean exists(CallContext context, String bucket, String key)
      throws KeyValueException, InterruptedException;

  /** Some keys, and where to go on; an empty cursor ends. */
  Keys listKeys(CallContext context, String bucket, OptionalLong cursor)
      throws KeyValueException, InterruptedException;

  /** Adds to a counter and returns its new value; a missing key counts as 0. */
  long increment(CallContext context, String bucket, String key, long delta)
      throws KeyValueException, InterruptedException;

  /** The values of keys, in their order; empty where there is none. */
  List<Optional<Map.Entry<String, byte[]>>> getMany(
      CallContext context, String bucket, List<String> keys)
      throws KeyValueException, InterruptedException;

  /** Sets keys, not atomically. */
  void setMany(CallContext context, String bucket, List<Map.Entry<String, byte[]>> entries)
      throws KeyValueException, InterruptedException;

  /** Deletes keys, not atomically. */
  void deleteMany(CallContext context, String bucket, List<String> keys)
      throws KeyValueException, InterruptedException;

  /** A page of keys. */
  record Keys(List<String> keys, OptionalLong cursor) {
    public Keys {
      keys = List.copyOf(keys);
    }
  }
}

package io.wattle.lattice.call;

import java.util.List;
import java.util.Map;

/**
 * The answer to a call.
 *
 * @param results the encoded results; shared, not copied
 * @param async streams and futures by index path
 */
public record CallReply(byte[] results, Map<List<Integer>, AsyncValue> async) {
  public CallReply {
    async = Map.copyOf(async);
  }

  /** An answer without streams. */
  public static CallReply of(byte[] results) {
    return new CallReply(results, Map.of());
  }
}

package io.wattle.lattice.call;

import java.util.List;
import java.util.Map;

/**
 * A call as the callee sees it.
 *
 * @param target the function
 * @param context caller, link, deadline, headers
 * @param parameters the encoded parameters, one after the other (value encoding of wRPC, section
 *     6.6); shared, not copied
 * @param async streams and futures by index path, where the encoded values say "pending"
 */
public record CallRequest(
    CallTarget target,
    CallContext context,
    byte[] parameters,
    Map<List<Integer>, AsyncValue> async) {
  public CallRequest {
    async = Map.copyOf(async);
  }
}

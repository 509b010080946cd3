package io.wattle.lattice.keyvalue;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.wrpc.ValueEncoder;
import java.util.Map;

/**
 * Tells a component of changes in a store, by {@code wrpc:keyvalue/watcher} (section 6.7). The
 * bucket is always {@code 0}: wasmCloud's hosts want a number there, its Redis provider sends this
 * one.
 */
public final class WatcherClient {
  /** {@code watcher}. */
  public static final String WATCHER = "wrpc:keyvalue/watcher@0.2.0-draft";

  /** A key was set. */
  public static final String ON_SET = "on-set";

  /** A key was deleted. */
  public static final String ON_DELETE = "on-delete";

  private static final String BUCKET = "0";

  private final CallHandler calls;
  private final String targetId;

  /** For the component {@code targetId}. */
  public WatcherClient(CallHandler calls, String targetId) {
    this.calls = calls;
    this.targetId = targetId;
  }

  /** A key was set. */
  public void onSet(CallContext context, String key, byte[] value)
      throws CallException, InterruptedException {
    ValueEncoder encoder = place(key);
    KeyValueCodec.writeBytes(encoder, value);
    call(context, ON_SET, encoder);
  }

  /** A key was deleted. */
  public void onDelete(CallContext context, String key) throws CallException, InterruptedException {
    call(context, ON_DELETE, place(key));
  }

  private static ValueEncoder place(String key) {
    ValueEncoder encoder = new ValueEncoder();
    encoder.string(BUCKET);
    encoder.string(key);
    return encoder;
  }

  private void call(CallContext context, String function, ValueEncoder parameters)
      throws CallException, InterruptedException {
    var _ =
        calls.handle(
            new CallRequest(
                new CallTarget(targetId, WATCHER, function),
                context,
                parameters.toBytes(),
                Map.of()));
  }
}

package io.wattle.lattice.call;

import io.wattle.wit.io.Deadline;
import java.util.Map;

/**
 * What a call carries besides its values.
 *
 * @param sourceId who calls
 * @param linkName the link in force, {@code default} unless chosen
 * @param deadline after which nobody waits for the answer
 * @param headers further headers, {@code traceparent} and {@code tracestate} among them
 */
public record CallContext(
    String sourceId, String linkName, Deadline deadline, Map<String, String> headers) {
  public CallContext {
    headers = Map.copyOf(headers);
  }
}

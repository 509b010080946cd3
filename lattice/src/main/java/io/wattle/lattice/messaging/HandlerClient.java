package io.wattle.lattice.messaging;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.wrpc.Replies;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.wit.value.MalformedValueException;
import java.util.Map;

/** Hands messages to a component that exports {@code handler}. */
public final class HandlerClient {
  /** The instance that such a component exports. */
  public static final String HANDLER = "wasmcloud:messaging/handler@0.2.0";

  private final CallHandler calls;
  private final CallTarget target;

  /** For the component {@code targetId}. */
  public HandlerClient(CallHandler calls, String targetId) {
    this.calls = calls;
    this.target = new CallTarget(targetId, HANDLER, "handle-message");
  }

  /**
   * Hands it over; returns when the component has dealt with it.
   *
   * @throws MessagingException when the component refuses it
   */
  public void handle(CallContext context, BrokerMessage message)
      throws MessagingException, CallException, InterruptedException {
    ValueEncoder encoder = new ValueEncoder();
    message.write(encoder);
    CallReply reply = calls.handle(new CallRequest(target, context, encoder.toBytes(), Map.of()));
    Replies.checkNotEmpty(target, reply);
    try {
      ValueDecoder decoder = new ValueDecoder(reply.results());
      if (!decoder.result()) {
        throw new MessagingException(decoder.string());
      }
      decoder.end();
    } catch (MalformedValueException e) {
      throw new CallException(CallException.Kind.MALFORMED, target + ": " + e.getMessage(), e);
    }
  }
}

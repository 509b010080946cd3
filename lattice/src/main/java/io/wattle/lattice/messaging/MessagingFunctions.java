package io.wattle.lattice.messaging;

import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.wit.value.MalformedValueException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A broker as functions that can be served, locally or over NATS. */
public final class MessagingFunctions {
  /** The instance that components import, and that is on the wire. */
  public static final String CONSUMER = "wasmcloud:messaging/consumer@0.2.0";

  private MessagingFunctions() {}

  /** What a function does: reads its parameters to the end, acts, and writes its result. */
  @FunctionalInterface
  private interface Body {
    void run(CallRequest request, ValueDecoder in, ValueEncoder out)
        throws MessagingException, CallException, InterruptedException;
  }

  /** All functions of a broker, by name. */
  public static Map<String, CallHandler> of(MessageBroker broker) {
    Map<String, CallHandler> functions = new TreeMap<>();
    functions.put(
        "publish",
        request ->
            answer(
                request,
                (call, in, out) -> {
                  BrokerMessage message = BrokerMessage.read(in);
                  in.end();
                  broker.publish(call.context(), message);
                }));
    functions.put(
        "request",
        request ->
            answer(
                request,
                (call, in, out) -> {
                  String subject = in.string();
                  byte[] body = in.bytes();
                  Duration timeout = Duration.ofMillis(Integer.toUnsignedLong(in.u32()));
                  in.end();
                  broker.request(call.context(), subject, body, timeout).write(out);
                }));
    return functions;
  }

  private static CallReply answer(CallRequest request, Body body)
      throws CallException, InterruptedException {
    ValueEncoder out = new ValueEncoder();
    out.result(true);
    try {
      body.run(request, new ValueDecoder(request.parameters()), out);
    } catch (MessagingException e) {
      out.reset();
      out.result(false);
      out.string(String.valueOf(e.getMessage()));
    } catch (MalformedValueException e) {
      throw new CallException(
          CallException.Kind.MALFORMED, request.target() + ": " + e.getMessage(), e);
    }
    return CallReply.of(out.toBytes());
  }
}

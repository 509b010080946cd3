package io.wattle.lattice.http;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.wrpc.Replies;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpOrigin;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.value.MalformedValueException;
import java.util.Optional;

/**
 * {@code wrpc:http} (section 6.8): requests and responses as calls and replies. The bodies' pipes
 * are handed over, not copied.
 */
public final class HttpCodec {
  /** The instance that serves requests from outside. */
  public static final String INCOMING = "wrpc:http/incoming-handler@0.1.0";

  /** The instance that sends requests to the outside. */
  public static final String OUTGOING = "wrpc:http/outgoing-handler@0.1.0";

  /** The function of both. */
  public static final String HANDLE = "handle";

  private HttpCodec() {}

  /** A call of {@code incoming-handler} at the component {@code id}. */
  public static CallRequest incoming(String id, CallContext context, HttpRequest request) {
    ValueEncoder encoder = new ValueEncoder();
    RequestCodec.write(encoder, request, "HTTP");
    return new CallRequest(
        new CallTarget(id, INCOMING, HANDLE),
        context,
        encoder.toBytes(),
        BodyCodec.async(request.body()));
  }

  /** A call of {@code outgoing-handler} at the provider {@code id}. */
  public static CallRequest outgoing(
      String id, CallContext context, HttpRequest request, Optional<RequestOptions> options) {
    ValueEncoder encoder = new ValueEncoder();
    RequestCodec.write(encoder, request, HttpOrigin.DEFAULT_SCHEME);
    RequestCodec.writeOptions(encoder, options);
    return new CallRequest(
        new CallTarget(id, OUTGOING, HANDLE),
        context,
        encoder.toBytes(),
        BodyCodec.async(request.body()));
  }

  /** The request of an {@code incoming-handler} call. */
  public static HttpRequest readIncoming(CallRequest call) throws CallException {
    try {
      ValueDecoder decoder = new ValueDecoder(call.parameters());
      HttpRequest request = RequestCodec.read(decoder, call.async());
      decoder.end();
      return request;
    } catch (MalformedValueException | IllegalArgumentException e) {
      throw malformed("request of " + call.target(), e);
    }
  }

  /** The request and its options of an {@code outgoing-handler} call. */
  public static Outgoing readOutgoing(CallRequest call) throws CallException {
    try {
      ValueDecoder decoder = new ValueDecoder(call.parameters());
      HttpRequest request = RequestCodec.read(decoder, call.async());
      Optional<RequestOptions> options = RequestCodec.readOptions(decoder);
      decoder.end();
      return new Outgoing(request, options);
    } catch (MalformedValueException | IllegalArgumentException e) {
      throw malformed("request of " + call.target(), e);
    }
  }

  /** The reply of either handler that is a response. */
  public static CallReply reply(HttpResponse response) {
    ValueEncoder encoder = new ValueEncoder();
    encoder.result(true);
    BodyCodec.writePending(encoder);
    encoder.u16(response.status());
    FieldsCodec.write(encoder, response.headers());
    return new CallReply(encoder.toBytes(), BodyCodec.async(response.body()));
  }

  /** The reply of either handler that is an {@code error-code}. */
  public static CallReply reply(HttpError error) {
    ValueEncoder encoder = new ValueEncoder();
    encoder.result(false);
    HttpErrorCodec.write(encoder, error);
    return CallReply.of(encoder.toBytes());
  }

  /**
   * The response in a reply of either handler.
   *
   * @throws HttpErrorException when the reply is an {@code error-code}
   * @throws CallException of kind MALFORMED, or LOST when the reply is empty
   */
  public static HttpResponse readReply(CallTarget from, CallReply reply)
      throws HttpErrorException, CallException {
    Replies.checkNotEmpty(from, reply);
    try {
      ValueDecoder decoder = new ValueDecoder(reply.results());
      if (!decoder.result()) {
        HttpError error = HttpErrorCodec.read(decoder);
        Replies.discard(reply.async());
        throw new HttpErrorException(error);
      }
      HttpBody body = BodyCodec.read(decoder, reply.async());
      int status = decoder.u16();
      HttpResponse response = new HttpResponse(status, FieldsCodec.read(decoder), body);
      decoder.end();
      return response;
    } catch (MalformedValueException | IllegalArgumentException e) {
      Replies.discard(reply.async());
      throw malformed("response of " + from, e);
    }
  }

  private static CallException malformed(String what, RuntimeException e) {
    return new CallException(CallException.Kind.MALFORMED, what + ": " + e.getMessage(), e);
  }

  /** A request and what its sender says about timeouts. */
  public record Outgoing(HttpRequest request, Optional<RequestOptions> options) {}
}

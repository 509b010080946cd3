package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.Result;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** The host's side of the resource {@code wasi:http/types.outgoing-response}. */
final class OutgoingResponse {
  private static final int OK = 200;

  private final HttpFields headers;
  private int status = OK;
  private @Nullable OutgoingBody body;
  private boolean sent;

  OutgoingResponse(HttpFields headers) {
    this.headers = headers;
  }

  int status() {
    return status;
  }

  Result setStatus(int value) {
    if (value < 100 || value > 999) {
      return Result.err(null);
    }
    status = value;
    return Result.OK;
  }

  HttpFields headers() {
    return headers.copy(false);
  }

  /** {@code body}: once. */
  Result body(HostCall call) {
    ContentLength length = ContentLength.of(headers);
    if (body != null || length.malformed()) {
      return Result.err(null);
    }
    OutgoingBody made = new OutgoingBody(HttpError.Code.HTTP_RESPONSE_BODY_SIZE, length.bytes());
    body = made;
    OpenBodies.of(call).add(made);
    return Result.ok(made);
  }

  /** As it is sent; a guest that never asked for the body sends none. */
  HttpResponse send() {
    sent = true;
    OutgoingBody given = body;
    return new HttpResponse(
        status, headers.send(), given == null ? HttpBody.empty() : given.body());
  }

  void abandon(String reason) {
    OutgoingBody given = body;
    if (given != null) {
      given.abandon(reason);
    }
  }

  void dropped() {
    headers.dropped();
    if (!sent) {
      abandon("the component dropped the response without sending it");
    }
  }
}

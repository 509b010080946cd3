package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.Result;
import io.wattle.wit.http.HttpRequest;

/** The host's side of the resource {@code wasi:http/types.incoming-request}. */
final class IncomingRequest {
  private final HttpRequest request;
  private boolean consumed;

  IncomingRequest(HttpRequest request) {
    this.request = request;
  }

  HttpRequest request() {
    return request;
  }

  HttpFields headers(HostCall call) {
    return HttpFields.received(call, request.headers());
  }

  /** {@code consume}: once. */
  Result consume(HostCall call) {
    if (consumed) {
      return Result.err(null);
    }
    consumed = true;
    IncomingBody body = new IncomingBody(request.body());
    OpenBodies.of(call).add(body);
    return Result.ok(body);
  }

  /** The guest is done with it; if it never asked for the body, nobody reads that. */
  void dropped() {
    if (!consumed) {
      consumed = true;
      request.body().bytes().abort("the component did not read the body");
    }
  }
}

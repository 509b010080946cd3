package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.Result;
import io.wattle.wit.http.HttpResponse;

/** The host's side of the resource {@code wasi:http/types.incoming-response}. */
final class IncomingResponse implements OpenBodies.Open {
  private final HttpResponse response;
  private boolean consumed;

  IncomingResponse(HttpResponse response) {
    this.response = response;
  }

  HttpResponse response() {
    return response;
  }

  HttpFields headers(HostCall call) {
    return HttpFields.received(call, response.headers());
  }

  /** {@code consume}: once. */
  Result consume(HostCall call) {
    if (consumed) {
      return Result.err(null);
    }
    consumed = true;
    IncomingBody body = new IncomingBody(response.body());
    OpenBodies.of(call).add(body);
    return Result.ok(body);
  }

  void dropped() {
    abandon("the component did not read the body");
  }

  @Override
  public boolean done() {
    return consumed;
  }

  @Override
  public void abandon(String reason) {
    if (!consumed) {
      consumed = true;
      response.body().bytes().abort(reason);
    }
  }
}

package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.HostInterface;

/** The resources {@code incoming-request}, {@code incoming-response} and what waits for it. */
final class IncomingFunctions {
  private IncomingFunctions() {}

  static void addTo(HostInterface.Builder types) {
    request(types);
    response(types);
  }

  private static void request(HostInterface.Builder types) {
    types
        .resource("incoming-request", object -> ((IncomingRequest) object).dropped())
        .function(
            "[method]incoming-request.method",
            (call, args) -> Names.method(request(args).request().method()))
        .function(
            "[method]incoming-request.path-with-query",
            (call, args) -> request(args).request().pathWithQuery())
        .function(
            "[method]incoming-request.scheme",
            (call, args) -> request(args).request().scheme().map(Names::scheme))
        .function(
            "[method]incoming-request.authority",
            (call, args) -> request(args).request().authority())
        .function("[method]incoming-request.headers", (call, args) -> request(args).headers(call))
        .function("[method]incoming-request.consume", (call, args) -> request(args).consume(call));
  }

  private static void response(HostInterface.Builder types) {
    types
        .resource("incoming-response", object -> ((IncomingResponse) object).dropped())
        .function(
            "[method]incoming-response.status", (call, args) -> response(args).response().status())
        .function("[method]incoming-response.headers", (call, args) -> response(args).headers(call))
        .function("[method]incoming-response.consume", (call, args) -> response(args).consume(call))
        .resource("future-incoming-response", object -> ((FutureIncomingResponse) object).dropped())
        .function(
            "[method]future-incoming-response.subscribe",
            (call, args) -> ((FutureIncomingResponse) args[0]).subscribe())
        .function(
            "[method]future-incoming-response.get",
            (call, args) -> ((FutureIncomingResponse) args[0]).get(call));
  }

  private static IncomingRequest request(Object[] args) {
    return (IncomingRequest) args[0];
  }

  private static IncomingResponse response(Object[] args) {
    return (IncomingResponse) args[0];
  }
}

package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import io.wattle.wit.http.HttpError;
import java.util.Optional;

/** The resources {@code outgoing-request}, {@code outgoing-response} and what goes with them. */
final class OutgoingFunctions {
  private OutgoingFunctions() {}

  static void addTo(HostInterface.Builder types) {
    request(types);
    options(types);
    response(types);
    outparam(types);
  }

  private static void request(HostInterface.Builder types) {
    types
        .resource("outgoing-request", object -> ((OutgoingRequest) object).dropped())
        .function(
            "[constructor]outgoing-request",
            (call, args) -> new OutgoingRequest((HttpFields) args[0]))
        .function("[method]outgoing-request.body", (call, args) -> request(args).body(call))
        .function("[method]outgoing-request.headers", (call, args) -> request(args).headers())
        .function("[method]outgoing-request.method", (call, args) -> request(args).method())
        .function(
            "[method]outgoing-request.set-method",
            (call, args) -> request(args).setMethod((Variant) args[1]))
        .function(
            "[method]outgoing-request.path-with-query",
            (call, args) -> request(args).pathWithQuery())
        .function(
            "[method]outgoing-request.set-path-with-query",
            (call, args) -> request(args).setPathWithQuery(text(args[1])))
        .function("[method]outgoing-request.scheme", (call, args) -> request(args).scheme())
        .function(
            "[method]outgoing-request.set-scheme",
            (call, args) ->
                request(args).setScheme(((Optional<?>) args[1]).map(Variant.class::cast)))
        .function("[method]outgoing-request.authority", (call, args) -> request(args).authority())
        .function(
            "[method]outgoing-request.set-authority",
            (call, args) -> request(args).setAuthority(text(args[1])));
  }

  private static void options(HostInterface.Builder types) {
    types
        .resource("request-options")
        .function("[constructor]request-options", (call, args) -> new RequestOptions());
    for (RequestOptions.Timeout timeout : RequestOptions.Timeout.values()) {
      types
          .function(
              "[method]request-options." + timeout.wit(),
              (call, args) -> ((RequestOptions) args[0]).get(timeout))
          .function(
              "[method]request-options.set-" + timeout.wit(),
              (call, args) -> {
                ((RequestOptions) args[0]).set(timeout, args[1]);
                return Result.OK;
              });
    }
  }

  private static void response(HostInterface.Builder types) {
    types
        .resource("outgoing-response", object -> ((OutgoingResponse) object).dropped())
        .function(
            "[constructor]outgoing-response",
            (call, args) -> new OutgoingResponse((HttpFields) args[0]))
        .function("[method]outgoing-response.status-code", (call, args) -> response(args).status())
        .function(
            "[method]outgoing-response.set-status-code",
            (call, args) -> response(args).setStatus((Integer) args[1]))
        .function("[method]outgoing-response.headers", (call, args) -> response(args).headers())
        .function("[method]outgoing-response.body", (call, args) -> response(args).body(call));
  }

  private static void outparam(HostInterface.Builder types) {
    types
        .resource("response-outparam")
        .function(
            "[static]response-outparam.set",
            (call, args) -> {
              ((ResponseOutparam) args[0]).set((Result) args[1]);
              return null;
            })
        .function(
            "[method]response-outparam.send-informational",
            (call, args) ->
                Result.err(
                    HttpErrors.toWit(
                        HttpError.internal("informational responses are not supported"))));
  }

  private static Optional<String> text(Object option) {
    return ((Optional<?>) option).map(String.class::cast);
  }

  private static OutgoingRequest request(Object[] args) {
    return (OutgoingRequest) args[0];
  }

  private static OutgoingResponse response(Object[] args) {
    return (OutgoingResponse) args[0];
  }
}

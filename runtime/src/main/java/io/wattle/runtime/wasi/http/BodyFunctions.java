package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.wasi.io.IoError;
import java.util.Optional;

/** The resources of bodies and trailers, and {@code http-error-code}. */
final class BodyFunctions {
  private BodyFunctions() {}

  static void addTo(HostInterface.Builder types) {
    types
        .resource("incoming-body", object -> ((IncomingBody) object).dropped())
        .function("[method]incoming-body.stream", (call, args) -> ((IncomingBody) args[0]).stream())
        .function("[static]incoming-body.finish", (call, args) -> ((IncomingBody) args[0]).finish())
        .resource("future-trailers")
        .function(
            "[method]future-trailers.subscribe",
            (call, args) -> ((FutureTrailers) args[0]).subscribe())
        .function(
            "[method]future-trailers.get", (call, args) -> ((FutureTrailers) args[0]).get(call))
        .resource("outgoing-body", object -> ((OutgoingBody) object).dropped())
        .function("[method]outgoing-body.write", (call, args) -> ((OutgoingBody) args[0]).write())
        .function(
            "[static]outgoing-body.finish",
            (call, args) ->
                ((OutgoingBody) args[0]).finish((HttpFields) ((Optional<?>) args[1]).orElse(null)))
        .function(
            "http-error-code",
            (call, args) ->
                ((IoError) args[0]).cause() instanceof HttpStreamException failure
                    ? Optional.of(HttpErrors.toWit(failure.error()))
                    : Optional.empty());
  }
}

package io.wattle.runtime.wasi.http;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code wasi:http} 0.2 as host interfaces: types and outgoing-handler. */
public final class HttpInterfaces {
  private HttpInterfaces() {}

  /** Both; requests that guests send go to {@code http}. */
  public static List<HostInterface> all(OutgoingHttp http) {
    HostInterface.Builder types = HostInterface.named("wasi:http/types@0.2.0");
    FieldsFunctions.addTo(types);
    IncomingFunctions.addTo(types);
    OutgoingFunctions.addTo(types);
    BodyFunctions.addTo(types);
    return List.of(types.build(), outgoingHandler(http));
  }

  private static HostInterface outgoingHandler(OutgoingHttp http) {
    return HostInterface.named("wasi:http/outgoing-handler@0.2.0")
        .function(
            "handle",
            (call, args) -> {
              OutgoingRequest request = (OutgoingRequest) args[0];
              OutgoingHttp.Timeouts timeouts =
                  ((Optional<?>) args[1])
                      .map(options -> ((RequestOptions) options).timeouts())
                      .orElse(OutgoingHttp.Timeouts.NONE);
              var response = http.send(call.task(), request.send(), timeouts);
              return sent(response, new FutureIncomingResponse(response), OpenBodies.of(call));
            })
        .build();
  }

  /** What failed at once is the call's own error. */
  private static Result sent(
      CompletableFuture<?> response, FutureIncomingResponse future, OpenBodies open) {
    if (response.isCompletedExceptionally()) {
      return Result.err(HttpErrors.toWit(HttpErrors.of(response.exceptionNow())));
    }
    try {
      open.add(future);
    } catch (TrapException tooMany) {
      future.abandon("the component has too many requests under way");
      throw tooMany;
    }
    return Result.ok(future);
  }
}

package io.wattle.runtime.wasi.http;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.wasi.io.EventPollable;
import io.wattle.runtime.wasi.io.Pollable;
import io.wattle.wit.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The host's side of the resource {@code wasi:http/types.future-incoming-response}. */
final class FutureIncomingResponse implements OpenBodies.Open {
  private final CompletableFuture<HttpResponse> response;
  private final Pollable pollable;
  private boolean taken;

  FutureIncomingResponse(CompletableFuture<HttpResponse> response) {
    this.response = response;
    this.pollable = EventPollable.of(response);
  }

  Pollable subscribe() {
    return pollable;
  }

  /** {@code get}: once. */
  Optional<Result> get(HostCall call) {
    if (!response.isDone()) {
      return Optional.empty();
    }
    if (taken) {
      return Optional.of(Result.err(null));
    }
    taken = true;
    try {
      IncomingResponse incoming = new IncomingResponse(response.join());
      try {
        OpenBodies.of(call).add(incoming);
      } catch (TrapException tooMany) {
        incoming.abandon("the component has too many responses open");
        throw tooMany;
      }
      return Optional.of(Result.ok(Result.ok(incoming)));
    } catch (CompletionException | CancellationException e) {
      return Optional.of(Result.ok(Result.err(HttpErrors.toWit(HttpErrors.of(e)))));
    }
  }

  void dropped() {
    abandon("the component did not wait for the response");
  }

  @Override
  public boolean done() {
    return taken;
  }

  @Override
  public void abandon(String reason) {
    if (!taken) {
      taken = true;
      var _ = response.whenComplete((late, failure) -> discard(late, reason));
      response.cancel(false);
    }
  }

  private static void discard(@org.jspecify.annotations.Nullable HttpResponse late, String why) {
    if (late != null) {
      late.body().bytes().abort(why);
    }
  }
}

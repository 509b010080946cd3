package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.wasi.io.EventPollable;
import io.wattle.runtime.wasi.io.Pollable;
import io.wattle.wit.http.Fields;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The host's side of the resource {@code wasi:http/types.future-trailers}. */
final class FutureTrailers {
  private final CompletableFuture<Optional<Fields>> trailers;
  private final Pollable pollable;
  private boolean taken;

  FutureTrailers(CompletableFuture<Optional<Fields>> trailers) {
    this.trailers = trailers;
    this.pollable = EventPollable.of(trailers);
  }

  Pollable subscribe() {
    return pollable;
  }

  /** {@code get}: once. */
  Optional<Result> get(HostCall call) {
    if (!trailers.isDone()) {
      return Optional.empty();
    }
    if (taken) {
      return Optional.of(Result.err(null));
    }
    taken = true;
    try {
      return Optional.of(
          Result.ok(Result.ok(trailers.join().map(fields -> HttpFields.received(call, fields)))));
    } catch (CompletionException | CancellationException e) {
      return Optional.of(Result.ok(Result.err(HttpErrors.toWit(HttpErrors.of(e)))));
    }
  }
}

package io.wattle.runtime.wasi.http;

import io.wattle.runtime.Task;
import io.wattle.runtime.wasi.sockets.NetworkAccess;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpOrigin;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Who sends the requests of {@code wasi:http/outgoing-handler}: the host, over a link, or an HTTP
 * client.
 */
@FunctionalInterface
public interface OutgoingHttp {
  /** Nobody: every request is denied. */
  OutgoingHttp DENIED =
      (task, request, timeouts) ->
          CompletableFuture.failedFuture(
              new HttpErrorException(HttpError.of(HttpError.Code.HTTP_REQUEST_DENIED)));

  /**
   * Starts a request; must not wait for its answer. The body is still being written when this is
   * called. When the guest is done with the response it aborts its body.
   *
   * @param task the invocation, whose deadline bounds the request
   * @return the response, or fails with {@link HttpErrorException}; the guest may cancel it
   */
  CompletableFuture<HttpResponse> send(Task task, HttpRequest request, Timeouts timeouts);

  /**
   * This one for what may be reached, and {@code HTTP-request-denied} for everything else.
   *
   * @param denied is told where a request was to go that was denied; must not block
   */
  default OutgoingHttp within(NetworkAccess access, Consumer<HttpOrigin> denied) {
    return (task, request, timeouts) -> {
      try {
        HttpOrigin to = HttpOrigin.of(request);
        if (access.reaches(to.host(), to.port())) {
          return send(task, request, timeouts);
        }
        denied.accept(to);
        throw new HttpErrorException(HttpError.of(HttpError.Code.HTTP_REQUEST_DENIED));
      } catch (HttpErrorException e) {
        request.body().bytes().abort(String.valueOf(e.getMessage()));
        return CompletableFuture.failedFuture(e);
      }
    };
  }

  /** The guest's {@code request-options}; empty leaves it to the sender. */
  record Timeouts(
      Optional<Duration> connect, Optional<Duration> firstByte, Optional<Duration> betweenBytes) {
    /** None given. */
    public static final Timeouts NONE =
        new Timeouts(Optional.empty(), Optional.empty(), Optional.empty());
  }
}

package io.wattle.providers.httpclient;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.PipeAbortedException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A request's body on its way out of a pipe, as fast as the server takes it. */
final class RequestBody {
  private static final int CHUNK = 16 * 1024;
  private static final Set<String> SELDOM_WITH_BODY = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

  private final OutgoingExchange exchange;
  private final HttpClientRequest request;
  private final String method;
  private final HttpBody body;
  private final Optional<Long> announced;
  private final Stall jam;
  private final byte[] buffer = new byte[CHUNK];
  private long written;

  RequestBody(
      OutgoingExchange exchange,
      HttpClientRequest request,
      HttpRequest http,
      Duration betweenBytes) {
    this.exchange = exchange;
    this.request = request;
    this.method = http.method();
    this.body = http.body();
    this.announced = exchange.announced();
    this.jam =
        new Stall(
            exchange.vertx(),
            betweenBytes,
            () -> exchange.fail(OutgoingExchange.code(HttpError.Code.CONNECTION_WRITE_TIMEOUT)));
  }

  /**
   * Sends the head at once, so that the server can answer before the body is complete; but of
   * methods that seldom have a body only when it is known whether there is one, since servers
   * stumble over one that is announced and then empty.
   */
  void start() {
    BytePipe pipe = body.bytes();
    if (announced.isEmpty() && SELDOM_WITH_BODY.contains(method) && !pipe.readable()) {
      pipe.onReadable(() -> exchange.onContext(this::head));
    } else {
      head();
    }
  }

  private void head() {
    byte @Nullable [] whole = body.bytes().copyWhole();
    boolean last = body.trailers().isDone() && !body.trailers().isCompletedExceptionally();
    int known = whole != null && last && body.trailers().join().isEmpty() ? whole.length : -1;
    if (announced.isEmpty() && known > 0) {
      request.putHeader("content-length", String.valueOf(known));
    } else if (announced.isEmpty() && known == 0) {
      if (!SELDOM_WITH_BODY.contains(method)) {
        request.putHeader("content-length", "0");
      }
      finish();
      return;
    } else if (announced.isEmpty()) {
      request.setChunked(true);
    }
    var _ = request.writeHead();
    step();
  }

  private void step() {
    while (true) {
      if (request.writeQueueFull()) {
        jam.start();
        request.drainHandler(
            drained -> {
              jam.stop();
              step();
            });
        return;
      }
      int read;
      try {
        read = body.bytes().tryRead(buffer, 0, buffer.length);
      } catch (PipeAbortedException aborted) {
        jam.stop();
        exchange.fail(reason(aborted));
        return;
      }
      if (read < 0) {
        finish();
        return;
      }
      if (read == 0) {
        body.bytes().onReadable(() -> exchange.onContext(this::step));
        return;
      }
      written += read;
      if (announced.isPresent() && written > announced.get()) {
        exchange.fail(sizeError());
        return;
      }
      var _ = request.write(Buffer.buffer(read).appendBytes(buffer, 0, read));
    }
  }

  private void finish() {
    var _ =
        body.trailers()
            .whenComplete(
                (trailers, failure) ->
                    exchange.onContext(
                        () -> {
                          if (failure == null) {
                            finish(trailers);
                          } else {
                            exchange.fail(reason(failure));
                          }
                        }));
  }

  private void finish(Optional<Fields> trailers) {
    if (announced.isPresent() && written != announced.get()) {
      exchange.fail(sizeError());
    } else {
      if (trailers.isPresent() && !trailers.get().entries().isEmpty()) {
        try {
          OutgoingTrailers.end(request, trailers.get());
        } catch (IllegalArgumentException e) {
          // A server must not take the request for whole.
          exchange.fail(HttpError.internal("trailers of a request: " + e.getMessage()));
          return;
        }
      } else {
        var _ = request.end();
      }
      exchange.uploaded();
    }
  }

  private HttpError sizeError() {
    return new HttpError(
        HttpError.Code.HTTP_REQUEST_BODY_SIZE, new HttpError.BodySize(Optional.of(written)));
  }

  /** Whoever wrote the body says with its trailers why it broke off. */
  private HttpError reason(Throwable failure) {
    if (failure instanceof PipeAbortedException && body.trailers().isCompletedExceptionally()) {
      return reason(body.trailers().exceptionNow());
    }
    return switch (failure) {
      case HttpErrorException e -> e.error();
      case CompletionException e when e.getCause() != null -> reason(e.getCause());
      default -> HttpError.internal(String.valueOf(failure.getMessage()));
    };
  }
}

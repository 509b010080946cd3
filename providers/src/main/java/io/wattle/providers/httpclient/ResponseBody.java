package io.wattle.providers.httpclient;

import io.vertx.core.http.HttpClientResponse;
import io.wattle.providers.http.HttpFields;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.PipeAbortedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An answer's body on its way into a pipe, whose reader may be slow or go away. */
final class ResponseBody {
  private final OutgoingExchange exchange;
  private final HttpClientResponse response;
  private final BytePipe pipe = new BytePipe();
  private final CompletableFuture<Optional<Fields>> trailers = new CompletableFuture<>();
  private final Stall silence;

  ResponseBody(OutgoingExchange exchange, HttpClientResponse response, Duration betweenBytes) {
    this.exchange = exchange;
    this.response = response;
    this.silence =
        new Stall(
            exchange.vertx(),
            betweenBytes,
            () -> exchange.fail(OutgoingExchange.code(HttpError.Code.CONNECTION_READ_TIMEOUT)));
  }

  HttpBody start() {
    silence.start();
    response.handler(data -> push(data.getBytes(), 0, false));
    response.endHandler(
        end -> {
          silence.stop();
          Fields last = HttpFields.of(response.trailers());
          trailers.complete(last.entries().isEmpty() ? Optional.empty() : Optional.of(last));
          pipe.close();
          exchange.downloaded();
        });
    response.exceptionHandler(
        failure -> exchange.fail(Failures.of(failure, Failures.Stage.READING)));
    pipe.onAbort(
        () ->
            exchange.onContext(
                () -> {
                  if (!trailers.isDone()) {
                    exchange.fail(HttpError.internal("nobody reads the response any more"));
                  }
                }));
    return new HttpBody(pipe, trailers);
  }

  private void push(byte[] data, int offset, boolean paused) {
    try {
      int done = offset + pipe.tryWrite(data, offset, data.length - offset);
      if (done < data.length) {
        silence.stop(); // it is the reader who is slow
        response.pause();
        pipe.onWritable(() -> exchange.onContext(() -> push(data, done, true)));
        return;
      }
      if (paused) {
        silence.start();
        response.resume();
      }
      silence.moved();
    } catch (PipeAbortedException nobodyReads) {
      silence.stop(); // the exchange is told by the pipe
    }
  }

  /** The trailers fail first: who reads the body looks there for the reason. */
  void abort(HttpErrorException why, String text) {
    silence.stop();
    trailers.completeExceptionally(why);
    pipe.abort(text);
  }
}

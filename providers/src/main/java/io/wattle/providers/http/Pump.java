package io.wattle.providers.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.PipeAbortedException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Moves bodies between Vert.x and pipes on the event loop, never blocking it: a slow reader pauses
 * the writer, on both ways.
 */
final class Pump {
  private static final int CHUNK = 16 * 1024;

  private Pump() {}

  /**
   * The body of a request, which is paused whenever the pipe is full. Call on the request's
   * context.
   */
  static HttpBody requestBody(HttpServerRequest request, Context context) {
    BytePipe pipe = new BytePipe();
    CompletableFuture<Optional<Fields>> trailers = new CompletableFuture<>();
    request.handler(data -> push(request, context, pipe, data.getBytes(), 0, false));
    request.endHandler(
        end -> {
          trailers.complete(IncomingTrailers.of(request));
          pipe.close();
        });
    request.exceptionHandler(
        failure -> {
          pipe.abort("the client's request broke off: " + failure.getMessage());
          trailers.completeExceptionally(failure);
        });
    return new HttpBody(pipe, trailers);
  }

  private static void push(
      HttpServerRequest request,
      Context context,
      BytePipe pipe,
      byte[] data,
      int offset,
      boolean paused) {
    try {
      int done = offset + pipe.tryWrite(data, offset, data.length - offset);
      if (done < data.length) {
        request.pause();
        pipe.onWritable(
            () -> context.runOnContext(go -> push(request, context, pipe, data, done, true)));
      } else if (paused) {
        request.resume();
      }
    } catch (PipeAbortedException nobodyReads) {
      // The component does not want the rest: drain it, so that the connection stays usable.
      request.handler(rest -> {});
      request.resume();
    }
  }

  /** A body that is all there already and small, without trailers, taken out of its pipe. */
  static byte @Nullable [] whole(HttpBody body) {
    CompletableFuture<Optional<Fields>> trailers = body.trailers();
    boolean plain =
        trailers.isDone() && !trailers.isCompletedExceptionally() && trailers.resultNow().isEmpty();
    return plain ? body.bytes().takeWhole(BytePipe.DEFAULT_CAPACITY) : null;
  }

  /**
   * Writes a body to a response and ends it; an aborted body resets the connection, so that the
   * client sees it is not whole. Call on the response's context.
   */
  static void respond(HttpServerResponse response, Context context, HttpBody body) {
    byte[] buffer = new byte[CHUNK];
    step(response, context, body, buffer);
  }

  private static void step(
      HttpServerResponse response, Context context, HttpBody body, byte[] buffer) {
    while (true) {
      if (response.closed()) {
        body.bytes().abort("the client went away");
        return;
      }
      if (response.writeQueueFull()) {
        response.drainHandler(drained -> step(response, context, body, buffer));
        return;
      }
      int read;
      try {
        read = body.bytes().tryRead(buffer, 0, buffer.length);
      } catch (PipeAbortedException aborted) {
        breakOff(response, String.valueOf(aborted.getMessage()));
        return;
      }
      if (read < 0) {
        finish(response, context, body);
        return;
      }
      if (read == 0) {
        body.bytes()
            .onReadable(() -> context.runOnContext(go -> step(response, context, body, buffer)));
        return;
      }
      response.write(Buffer.buffer(read).appendBytes(buffer, 0, read));
    }
  }

  /** Says why while there is still a way to say it; else the client sees a broken connection. */
  private static void breakOff(HttpServerResponse response, String reason) {
    if (response.headWritten() || response.closed()) {
      response.reset();
      return;
    }
    response.headers().clear();
    response
        .setStatusCode(500)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end(Buffer.buffer((reason + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  private static void finish(HttpServerResponse response, Context context, HttpBody body) {
    var _ =
        body.trailers()
            .whenComplete(
                (trailers, failure) ->
                    onContext(
                        context,
                        () -> {
                          if (failure != null) {
                            breakOff(response, String.valueOf(failure.getMessage()));
                            return;
                          }
                          trailers.ifPresent(
                              fields ->
                                  fields
                                      .entries()
                                      .forEach(e -> response.trailers().add(e.name(), e.text())));
                          response.end();
                        }));
  }

  private static void onContext(Context context, Runnable action) {
    if (io.vertx.core.Vertx.currentContext() == context) {
      action.run();
    } else {
      context.runOnContext(go -> action.run());
    }
  }
}

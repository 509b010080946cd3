package io.wattle.providers.http;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.wattle.lattice.call.CallException;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer. Created and touched on the request's event loop only, but for {@link
 * #call}.
 */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final HttpServerRequest request;
  private final Context context;
  private final Route route;

  Exchange(HttpServerRequest request, Context context, Route route) {
    this.request = request;
    this.context = context;
    this.route = route;
  }

  /**
   * Starts it: the body is taken up at once, the call runs on a thread of its own and may block.
   */
  void start(Executor calls) {
    HttpBody body = hasBody() ? Pump.requestBody(request, context) : HttpBody.empty();
    HttpRequest http =
        new HttpRequest(
            request.method().name(),
            Optional.ofNullable(request.uri()),
            Optional.of(request.isSSL() ? "HTTPS" : "HTTP"),
            Optional.ofNullable(request.authority()).map(Object::toString),
            HttpFields.of(request.headers()),
            body);
    Runnable cancel = calls.run(() -> call(http));
    request
        .response()
        .closeHandler(
            closed -> {
              body.bytes().abort("the client went away");
              cancel.run();
            });
  }

  /** Where exchanges run: returns what cancels the run. */
  interface Executor {
    Runnable run(Runnable exchange);
  }

  private boolean hasBody() {
    return request.version() == HttpVersion.HTTP_2
        ? !request.isEnded()
        : request.getHeader("Content-Length") != null
            || request.getHeader("Transfer-Encoding") != null;
  }

  private void call(HttpRequest http) {
    try {
      HttpResponse answer = route.call(http);
      context.runOnContext(go -> respond(answer));
    } catch (HttpErrorException e) {
      fail(500, "the component answered with " + e.getMessage(), http);
    } catch (CallException e) {
      boolean timeout =
          e.kind() == CallException.Kind.TIMEOUT && route.settings().timeout().isPresent();
      fail(timeout ? 408 : e.kind().httpStatus(), String.valueOf(e.getMessage()), http);
    } catch (InterruptedException e) {
      fail(503, "the server is stopping, or the client went away", http);
    } catch (RuntimeException e) {
      LOG.error("an exchange with {} failed", route.target(), e);
      fail(500, "internal error", http);
    }
  }

  private void respond(HttpResponse answer) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      answer.body().bytes().abort("the client went away");
      return;
    }
    response.setStatusCode(answer.status());
    boolean sized = false;
    for (Fields.Entry line : answer.headers().entries()) {
      if (!HttpFields.hopByHop(line.name())) {
        sized |= line.name().equalsIgnoreCase("content-length");
        response.headers().add(line.name(), line.text());
      }
    }
    route.settings().cacheControl().ifPresent(value -> response.putHeader("Cache-Control", value));
    route.settings().cors().apply(request, response);
    response.exceptionHandler(failure -> answer.body().bytes().abort("the client went away"));
    boolean bodiless =
        answer.status() == 204 || answer.status() == 304 || request.method().name().equals("HEAD");
    if (bodiless) {
      answer.body().bytes().abort("the response has no body");
      response.end();
      return;
    }
    if (!sized && request.version() != HttpVersion.HTTP_2) {
      response.setChunked(true);
    }
    Pump.respond(response, context, answer.body());
  }

  private void fail(int status, String message, HttpRequest http) {
    http.body().bytes().abort("nobody reads the request any more");
    context.runOnContext(go -> Plain.answer(request, status, message));
  }

  /** Answers without a component. */
  static final class Plain {
    private Plain() {}

    static void answer(HttpServerRequest request, int status, String message) {
      HttpServerResponse response = request.response();
      if (response.closed() || response.headWritten()) {
        return;
      }
      if (status == 503) {
        response.putHeader("Retry-After", "1");
      }
      response
          .setStatusCode(status)
          .putHeader("Content-Type", "text/plain; charset=utf-8")
          .end(
              io.vertx.core.buffer.Buffer.buffer(
                  (message + "\n").getBytes(StandardCharsets.UTF_8)));
    }
  }
}

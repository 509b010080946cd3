package io.wattle.providers.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
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
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer. Created and touched on the request's event loop only, but for {@link
 * #ended}.
 */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  /** Those below say that the response is still to come (RFC 9110, section 15.2). */
  private static final int LEAST_STATUS = 200;

  private final HttpServerRequest request;
  private final Context context;
  private final Route route;

  Exchange(HttpServerRequest request, Context context, Route route) {
    this.request = request;
    this.context = context;
    this.route = route;
  }

  /** Starts it: the body is taken up at once, the answer comes when it comes. */
  void start(Exchanges exchanges) {
    HttpBody body = hasBody() ? Pump.requestBody(request, context) : HttpBody.empty();
    String method = request.method().name();
    Target target =
        Target.of(
            method, request.uri(), Optional.ofNullable(request.authority()).map(Object::toString));
    HttpRequest http =
        new HttpRequest(
            method,
            target.pathWithQuery(),
            Optional.of(request.isSSL() ? "HTTPS" : "HTTP"),
            target.authority(),
            HttpFields.of(request.headers()),
            body);
    PendingResponse pending = begin(http, exchanges);
    request
        .response()
        .closeHandler(
            closed -> {
              body.bytes().abort("the client went away");
              pending.cancel().run();
            });
    var _ =
        pending
            .response()
            .whenComplete(
                (answer, failure) -> {
                  exchanges.ended();
                  ended(answer, failure, http);
                });
  }

  /** Counted before it begins, so that whoever closes waits for it. */
  private PendingResponse begin(HttpRequest http, Exchanges exchanges) {
    exchanges.begun();
    try {
      return route.begin(http, exchanges);
    } catch (RuntimeException e) { // there are no more threads, being closed
      exchanges.ended();
      throw e;
    }
  }

  private boolean hasBody() {
    return request.version() == HttpVersion.HTTP_2
        ? !request.isEnded()
        : request.getHeader("Content-Length") != null
            || request.getHeader("Transfer-Encoding") != null;
  }

  /** On whichever thread has the answer. */
  private void ended(HttpResponse answer, @Nullable Throwable failure, HttpRequest http) {
    switch (failure) {
      case null -> context.runOnContext(go -> respond(answer));
      case CompletionException e when e.getCause() != null -> failed(e.getCause(), http);
      default -> failed(failure, http);
    }
  }

  private void failed(Throwable failure, HttpRequest http) {
    switch (failure) {
      case HttpErrorException e -> fail(500, "the component answered with " + e.getMessage(), http);
      case CallException e -> {
        boolean timeout =
            e.kind() == CallException.Kind.TIMEOUT && route.settings().timeout().isPresent();
        fail(timeout ? 408 : e.kind().httpStatus(), String.valueOf(e.getMessage()), http);
      }
      case InterruptedException e ->
          fail(503, "the server is stopping, or the client went away", http);
      default -> {
        LOG.error("an exchange with {} failed", route.target(), failure);
        fail(500, "internal error", http);
      }
    }
  }

  private void respond(HttpResponse answer) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      answer.body().bytes().abort("the client went away");
      return;
    }
    if (answer.status() < LEAST_STATUS) {
      answer.body().bytes().abort("no response has that status");
      Plain.answer(
          request,
          500,
          "the component answered with status " + answer.status() + " (expected: 200 to 999)");
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
    boolean bodiless =
        answer.status() == 204 || answer.status() == 304 || request.method().name().equals("HEAD");
    if (bodiless) {
      answer.body().bytes().abort("the response has no body");
      response.end();
      return;
    }
    byte[] whole = Pump.whole(answer.body());
    if (whole != null) {
      // Head and body in one write, with their length.
      response.end(Buffer.buffer(whole));
      return;
    }
    response.exceptionHandler(failure -> answer.body().bytes().abort("the client went away"));
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

    /** Of a request that others may understand otherwise nothing more is read. */
    static void refuse(HttpServerRequest request, String message) {
      request
          .response()
          .setStatusCode(400)
          .putHeader("Content-Type", "text/plain; charset=utf-8")
          .putHeader("Connection", "close")
          .end(message + "\n")
          .onComplete(ended -> request.connection().close());
    }

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
          .end(Buffer.buffer((message + "\n").getBytes(StandardCharsets.UTF_8)));
    }
  }
}

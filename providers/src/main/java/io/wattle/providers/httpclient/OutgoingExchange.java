package io.wattle.providers.httpclient;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import io.wattle.lattice.http.RequestOptions;
import io.wattle.providers.http.HttpFields;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpOrigin;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. Everything happens on the exchange's event loop, which is never
 * blocked. It is over when the answer was read and the request was sent, or when it failed.
 */
final class OutgoingExchange {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

  private final Context context;
  private final HttpRequest request;
  private final HttpOrigin to;
  private final RequestOptions timeouts;
  private final Deadline deadline;
  private final Runnable whenOver;
  private final Stall wholeTime;
  private final Stall firstByte;
  private final CompletableFuture<HttpResponse> response = new CompletableFuture<>();
  private @Nullable HttpClientRequest sent;
  private @Nullable ResponseBody down;
  private boolean uploaded;
  private boolean downloaded;
  private boolean over;

  OutgoingExchange(
      Vertx vertx,
      HttpRequest request,
      HttpOrigin to,
      RequestOptions timeouts,
      Deadline deadline,
      Runnable whenOver) {
    this.context = vertx.getOrCreateContext();
    this.request = request;
    this.to = to;
    this.timeouts = timeouts;
    this.deadline = deadline;
    this.whenOver = whenOver;
    this.wholeTime =
        new Stall(vertx, deadline.left(), () -> fail(code(HttpError.Code.HTTP_RESPONSE_TIMEOUT)));
    this.firstByte =
        new Stall(
            vertx,
            timeouts.firstByte().orElse(DEFAULT_TIMEOUT),
            () -> fail(code(HttpError.Code.CONNECTION_READ_TIMEOUT)));
  }

  CompletableFuture<HttpResponse> start(HttpClient http) {
    context.runOnContext(go -> connect(http));
    var _ =
        response.whenComplete(
            (answer, failure) -> {
              if (response.isCancelled()) {
                onContext(() -> fail(HttpError.internal("the request was given up")));
              }
            });
    return response;
  }

  private void connect(HttpClient http) {
    if (over) {
      return;
    }
    wholeTime.start();
    Duration connect = timeouts.connect().orElse(DEFAULT_TIMEOUT);
    io.vertx.core.http.RequestOptions options =
        new io.vertx.core.http.RequestOptions()
            .setMethod(HttpMethod.valueOf(request.method()))
            .setServer(SocketAddress.inetSocketAddress(to.port(), to.host()))
            .setHost(to.host().indexOf(':') < 0 ? to.host() : "[" + to.host() + "]")
            .setPort(to.port())
            .setSsl(to.secure())
            .setURI(target())
            .setFollowRedirects(false)
            .setConnectTimeout(Stall.millis(deadline.atMost(Stall.bounded(connect)).left()));
    for (Fields.Entry line : request.headers().entries()) {
      if (!HttpFields.hopByHop(line.name()) && !line.name().equalsIgnoreCase("host")) {
        options.addHeader(line.name(), line.text());
      }
    }
    try {
      http.request(options)
          .onComplete(
              this::connected, failure -> fail(Failures.of(failure, Failures.Stage.CONNECTING)));
    } catch (RuntimeException e) { // a header or path that passed our checks, but not Vert.x's
      fail(HttpError.internal(String.valueOf(e.getMessage())));
    }
  }

  private String target() {
    String path = request.pathWithQuery().orElse("/");
    return path.isEmpty() || path.startsWith("?") ? "/" + path : path;
  }

  private void connected(HttpClientRequest connection) {
    if (over) {
      var _ = connection.reset();
      return;
    }
    sent = connection;
    connection.exceptionHandler(failure -> broken(failure));
    connection
        .response()
        .onComplete(this::answered, failure -> fail(Failures.of(failure, Failures.Stage.WAITING)));
    firstByte.start();
    new RequestBody(this, connection, request, betweenBytes()).start();
  }

  /** The way out broke; what was answered before that is still read. */
  private void broken(Throwable failure) {
    if (down == null) {
      fail(Failures.of(failure, Failures.Stage.WAITING));
    } else {
      request.body().bytes().abort("the server does not read the request any more");
      uploaded();
    }
  }

  private void answered(HttpClientResponse answer) {
    firstByte.stop();
    if (over) {
      return;
    }
    ResponseBody body = new ResponseBody(this, answer, betweenBytes());
    down = body;
    HttpResponse http;
    try {
      http = new HttpResponse(answer.statusCode(), HttpFields.of(answer.headers()), body.start());
    } catch (IllegalArgumentException e) {
      fail(code(HttpError.Code.HTTP_PROTOCOL_ERROR));
      return;
    }
    if (!response.complete(http)) {
      fail(HttpError.internal("nobody waits for the response any more"));
    }
  }

  private Duration betweenBytes() {
    return timeouts.betweenBytes().orElse(DEFAULT_TIMEOUT);
  }

  /** The request is sent to its end. */
  void uploaded() {
    uploaded = true;
    endIfDone();
  }

  /** The answer was read to its end. */
  void downloaded() {
    downloaded = true;
    endIfDone();
  }

  private void endIfDone() {
    if (uploaded && downloaded) {
      end();
    }
  }

  private boolean end() {
    if (over) {
      return false;
    }
    over = true;
    wholeTime.stop();
    firstByte.stop();
    whenOver.run();
    return true;
  }

  /** Ends it before its time; whoever waits is told why. On the event loop. */
  void fail(HttpError error) {
    if (!end()) {
      return;
    }
    HttpErrorException why = new HttpErrorException(error);
    String text = "HTTP " + to + ": " + why.getMessage();
    request.body().bytes().abort(text);
    response.completeExceptionally(why);
    ResponseBody reading = down;
    if (reading != null) {
      reading.abort(why, text);
    }
    HttpClientRequest open = sent;
    if (open != null) {
      var _ = open.reset(0, why);
    }
  }

  /** Runs it on the event loop, at once when that is where we are. */
  void onContext(Runnable action) {
    if (Vertx.currentContext() == context) {
      action.run();
    } else {
      context.runOnContext(go -> action.run());
    }
  }

  Vertx vertx() {
    return context.owner();
  }

  Optional<Long> announced() {
    for (Fields.Entry line : request.headers().entries()) {
      if (line.name().equalsIgnoreCase("content-length")) {
        try {
          return Optional.of(Long.parseLong(line.text().strip()));
        } catch (NumberFormatException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  static HttpError code(HttpError.Code code) {
    return HttpError.of(code);
  }
}

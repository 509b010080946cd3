package io.wattle.providers.httpclient;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import io.wattle.lattice.http.RequestOptions;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpOrigin;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends HTTP/1.1 requests, with TLS by the trust of this machine or by a file's. Bodies are
 * streamed both ways; a slow end holds the other one back. Redirects are not followed, nothing is
 * repeated, and there is no proxy and no cookie. Thread-safe.
 */
public final class OutgoingClient implements AutoCloseable {
  /** Requests under way at once; one more ends with {@code connection-limit-reached}. */
  public static final int MOST = 512;

  private static final int HEADER_BYTES = 128 * 1024;
  private static final long CLOSE_SECONDS = 10;

  private final Vertx vertx;
  private final HttpClientAgent http;
  private final Semaphore room = new Semaphore(MOST);

  OutgoingClient(VertxOptions options, Optional<Path> trusted) {
    vertx = Vertx.vertx(options);
    HttpClientOptions client =
        new HttpClientOptions()
            .setMaxHeaderSize(HEADER_BYTES)
            .setMaxRedirects(0)
            .setDecompressionSupported(false);
    trusted.ifPresent(
        file -> client.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    http =
        vertx.createHttpClient(
            client, new PoolOptions().setHttp1MaxSize(MOST).setMaxWaitQueueSize(MOST));
  }

  /** One with threads of its own, which trusts whom this machine trusts. */
  public static OutgoingClient open() {
    return open(SystemTrust.file());
  }

  /** One with threads of its own, which trusts the authorities of a PEM file, or whom Java does. */
  static OutgoingClient open(Optional<Path> trusted) {
    return new OutgoingClient(new VertxOptions().setEventLoopPoolSize(2), trusted);
  }

  /** Requests under way. */
  int running() {
    return MOST - room.availablePermits();
  }

  /**
   * Starts a request; does not wait. The body is read while it is sent. Who does not want the
   * answer any more cancels the future, or aborts the body of the response.
   *
   * @param timeouts empty ones are ten minutes; the deadline bounds them all, and the response's
   *     body too
   * @return the response, or fails with {@link HttpErrorException}
   */
  public CompletableFuture<HttpResponse> send(
      HttpRequest request, RequestOptions timeouts, Deadline deadline) {
    try {
      HttpOrigin to = HttpOrigin.of(request);
      if (request.method().equals("CONNECT")) {
        throw failure(HttpError.Code.HTTP_REQUEST_METHOD_INVALID);
      }
      if (!room.tryAcquire()) {
        throw failure(HttpError.Code.CONNECTION_LIMIT_REACHED);
      }
      return new OutgoingExchange(vertx, request, to, timeouts, deadline, room::release)
          .start(http);
    } catch (HttpErrorException e) {
      request.body().bytes().abort(String.valueOf(e.getMessage()));
      return CompletableFuture.failedFuture(e);
    }
  }

  private static HttpErrorException failure(HttpError.Code code) {
    return new HttpErrorException(HttpError.of(code));
  }

  /** Waits until nothing is under way, at most so long; nothing new is let in. */
  void drain(Duration most) {
    try {
      var _ = room.tryAcquire(MOST, most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Cuts off what is under way. */
  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Its threads are daemons; there is nothing left to give back.
    }
  }
}

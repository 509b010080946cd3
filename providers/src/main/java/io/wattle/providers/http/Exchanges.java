package io.wattle.providers.http;

import io.micrometer.core.instrument.Gauge;
import io.wattle.providers.ProviderContext;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests that wait for their response. Who answers by blocking gets a virtual thread for
 * each. Guests run elsewhere.
 */
final class Exchanges {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger running = new AtomicInteger();

  /** Open when this is closed and nothing waits any more. */
  private final CountDownLatch over = new CountDownLatch(1);

  private volatile boolean closed;

  /** Counted nowhere. */
  Exchanges() {}

  Exchanges(ProviderContext context) {
    Gauge.builder("wattle.http.server.exchanges", running, AtomicInteger::get)
        .tag("provider", context.providerId())
        .register(context.metrics());
  }

  /** One more waits, until {@link #ended}. */
  void begun() {
    running.incrementAndGet();
  }

  void ended() {
    if (running.decrementAndGet() == 0 && closed) {
      over.countDown();
    }
  }

  /** Lets {@code handler} answer on a thread that may wait; cancelling interrupts it. */
  PendingResponse blocking(HttpHandler handler, HttpRequest request) {
    CompletableFuture<HttpResponse> response = new CompletableFuture<>();
    Future<?> thread =
        threads.submit(
            () -> {
              try {
                HttpResponse answer = handler.handle(request);
                if (!response.complete(answer)) {
                  answer.body().bytes().abort("the client went away");
                }
              } catch (Throwable e) {
                // Also errors: somebody waits for the response.
                response.completeExceptionally(e);
              }
            });
    return new PendingResponse(
        response,
        () -> {
          thread.cancel(true);
          // One that had not begun never will.
          response.completeExceptionally(new InterruptedException("nobody waits for it any more"));
        });
  }

  void close(Duration drain) throws InterruptedException {
    threads.shutdown();
    closed = true;
    if (running.get() > 0 && !over.await(drain.toMillis(), TimeUnit.MILLISECONDS)) {
      threads.shutdownNow();
    }
  }
}

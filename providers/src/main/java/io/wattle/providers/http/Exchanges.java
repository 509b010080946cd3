package io.wattle.providers.http;

import io.micrometer.core.instrument.Gauge;
import io.wattle.providers.ProviderContext;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs exchanges, each on a virtual thread that waits for its component's answer. Guests run
 * elsewhere.
 */
final class Exchanges implements Exchange.Executor {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger running = new AtomicInteger();

  /** Counted nowhere. */
  Exchanges() {}

  Exchanges(ProviderContext context) {
    Gauge.builder("wattle.http.server.exchanges", running, AtomicInteger::get)
        .tag("provider", context.providerId())
        .register(context.metrics());
  }

  @Override
  public Runnable run(Runnable exchange) {
    Future<?> future =
        threads.submit(
            () -> {
              running.incrementAndGet();
              try {
                exchange.run();
              } finally {
                running.decrementAndGet();
              }
            });
    return () -> future.cancel(true);
  }

  void close(Duration drain) throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(drain.toMillis(), TimeUnit.MILLISECONDS)) {
      threads.shutdownNow();
    }
  }
}

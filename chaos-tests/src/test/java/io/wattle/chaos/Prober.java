package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.chaos.history.Stalls;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks addresses again and again, and remembers the slowest answer and every bad one. */
final class Prober implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(50);

  private final ScheduledExecutorService threads;
  private final List<HttpClient> clients = new ArrayList<>();
  private final Map<String, Duration> slowest = new ConcurrentHashMap<>();
  private final List<Bad> bad = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final Duration within;

  /**
   * Starts to ask.
   *
   * @param within how long an answer may take
   */
  Prober(Duration within, String... urls) {
    Stalls.watch();
    this.within = within;
    this.threads = Executors.newScheduledThreadPool(urls.length);
    for (String url : urls) {
      HttpClient client = Web.client();
      clients.add(client);
      var _ =
          threads.scheduleWithFixedDelay(
              () -> ask(client, url), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** An answer that should be another, and when it was asked for and came. */
  private record Bad(long begun, long ended, String what) {
    @Override
    public String toString() {
      return what + " after " + (ended - begun) / 1_000_000 + " ms";
    }
  }

  /** That all answers so far were good and in time; says what the slowest were. */
  String assertGood() {
    assertThat(bad)
        .as("answers that were late or wrong while the machine did not stand still")
        .allMatch(
            answer ->
                Stalls.windows().stream()
                    .anyMatch(stall -> stall.touches(answer.begun(), answer.ended())));
    return asked + " answers, slowest in ms: " + slowestMillis();
  }

  private List<Long> slowestMillis() {
    return slowest.values().stream().map(Duration::toMillis).toList();
  }

  private void ask(HttpClient client, String url) {
    long started = System.nanoTime();
    try {
      Web.Reply reply = Web.get(client, url, within);
      if (reply.status() != 200) {
        bad.add(new Bad(started, System.nanoTime(), url + ": " + reply));
      }
      slowest.merge(url, reply.took(), (a, b) -> a.compareTo(b) > 0 ? a : b);
    } catch (IOException e) {
      bad.add(new Bad(started, System.nanoTime(), url + ": " + e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    asked.incrementAndGet();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    clients.forEach(HttpClient::shutdownNow);
  }
}

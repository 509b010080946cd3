package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that count without a pause, each on a key of its own and on one they share, and that
 * remember every value they were told. Requests that fail are no values.
 */
final class CounterLoad implements AutoCloseable {
  private static final String SHARED = "shared";
  private static final Duration EACH = Duration.ofSeconds(5);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(20);

  private final String url;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final Map<String, TreeSet<Long>> values = new TreeMap<>();
  private final List<String> twice = new ArrayList<>();
  private final List<Thread> clients = new ArrayList<>();

  private CounterLoad(String url) {
    this.url = url;
  }

  /** Starts to count. */
  static CounterLoad start(String url, int clients) {
    CounterLoad load = new CounterLoad(url);
    load.values.put(SHARED, new TreeSet<>());
    for (int i = 0; i < clients; i++) {
      String own = "own" + i;
      load.values.put(own, new TreeSet<>());
      load.clients.add(Thread.ofPlatform().name("load-" + i).start(() -> load.run(own)));
    }
    return load;
  }

  /** How many values were told. */
  int acknowledged() {
    return acknowledged.get();
  }

  /** How many requests got no value. */
  int failed() {
    return failed.get();
  }

  /** Ends the load; the values may be looked at afterwards. */
  @Override
  public void close() {
    over.set(true);
    try {
      for (Thread client : clients) {
        client.join(EACH.plusSeconds(5));
        assertThat(client.isAlive()).as(client.getName() + " runs").isFalse();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** That each counter goes on above everything that was acknowledged. */
  void assertNothingLost() throws IOException, InterruptedException {
    assertThat(over.get()).as("the load is over").isTrue();
    assertThat(twice).as("values told twice, so that one count was lost").isEmpty();
    for (Map.Entry<String, TreeSet<Long>> key : values.entrySet()) {
      TreeSet<Long> told = key.getValue();
      assertThat(told).as("values of " + key.getKey()).isNotEmpty();
      long next = value(Web.get(url + key.getKey()).is(200));
      assertThat(next).as("next value of " + key.getKey()).isGreaterThan(told.last());
      assertThat(next).as("counts of " + key.getKey()).isGreaterThan(told.size());
    }
  }

  private void run(String own) {
    try (HttpClient client = Web.client()) {
      boolean shared = false;
      while (!over.get()) {
        count(client, shared ? SHARED : own);
        shared = !shared;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void count(HttpClient client, String key) throws InterruptedException {
    try {
      Web.Reply reply = Web.get(client, url + key, EACH);
      if (reply.status() == 200) {
        remember(key, value(reply));
        return;
      }
    } catch (IOException e) {
      // killed under the request: not acknowledged
    }
    failed.incrementAndGet();
    LockSupport.parkNanos(AFTER_FAILURE.toNanos());
  }

  private synchronized void remember(String key, long value) {
    boolean first = values.computeIfAbsent(key, k -> new TreeSet<>()).add(value);
    if (first) {
      acknowledged.incrementAndGet();
    } else {
      twice.add(key + ": " + value);
    }
  }

  private static long value(Web.Reply reply) {
    String body = reply.body().strip();
    return Long.parseLong(body.substring(body.indexOf(": ") + 2));
  }
}

package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.chaos.history.Answer;
import io.wattle.chaos.history.History;
import io.wattle.chaos.history.Operation;
import io.wattle.chaos.history.Stalls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Clients that ask one address after the other until they are told to end, and remember everything.
 * Bounded: each waits for its answer, and then a moment.
 */
final class Load implements AutoCloseable {
  private static final Duration AFTER_FAILURE = Duration.ofMillis(20);

  private final String base;
  private final Duration each;
  private final Duration pause;
  private final History history = new History();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Thread> clients = new ArrayList<>();

  private Load(String base, Duration each, Duration pause) {
    this.base = base;
    this.each = each;
    this.pause = pause;
  }

  /**
   * Starts to ask.
   *
   * @param base address that ends in a slash; what is asked for, the key, comes behind it
   * @param each how long a client waits for an answer
   * @param pause of a client between an answer and its next request
   * @param clients for each client the keys that it asks for, in turn, again and again
   */
  static Load start(String base, Duration each, Duration pause, List<List<String>> clients) {
    Stalls.watch();
    Load load = new Load(base, each, pause);
    for (List<String> keys : clients) {
      load.clients.add(
          Thread.ofPlatform().name("load-" + load.clients.size()).start(() -> load.run(keys)));
    }
    return load;
  }

  /** What was asked and told so far. */
  History history() {
    return history;
  }

  /** Whether {@link #close} was called. */
  boolean isOver() {
    return over.get();
  }

  /** Ends the load; nothing is added to the history afterwards. */
  @Override
  public void close() {
    over.set(true);
    try {
      for (Thread client : clients) {
        client.join(each.plusSeconds(60));
        assertThat(client.isAlive()).as(client.getName() + " runs").isFalse();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(List<String> keys) {
    try (HttpClient client = Web.client()) {
      Iterator<String> next = Stream.generate(keys::stream).flatMap(all -> all).iterator();
      while (!over.get()) {
        Operation operation = ask(client, next.next());
        history.add(operation);
        LockSupport.parkNanos((operation.succeeded() ? pause : AFTER_FAILURE).toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Operation ask(HttpClient client, String key) throws InterruptedException {
    long invoked = System.nanoTime();
    Answer answer;
    try {
      // POST, because the client library sends a GET again by itself when a connection breaks.
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(base + key))
              .timeout(each)
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      answer =
          response.statusCode() == 200
              ? new Answer.Acknowledged(response.body())
              : new Answer.Refused(response.statusCode(), response.body().strip());
    } catch (IOException e) {
      answer = new Answer.Nothing(e.toString());
    }
    return new Operation(key, invoked, System.nanoTime(), answer);
  }
}

package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A small HTTP client in which every request has a deadline. */
final class Web {
  private static final Duration DEFAULT = Duration.ofSeconds(60);

  private Web() {}

  /** An answer, and how long it took until its last byte. */
  record Reply(int status, Optional<String> retryAfter, String body, Duration took) {
    /** The same, after a check of the status that shows the body when it is another. */
    Reply is(int expected) {
      assertThat(status).as(this::toString).isEqualTo(expected);
      return this;
    }
  }

  /** A client with connections of its own. */
  static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(30))
        .build();
  }

  static Reply get(String url) throws IOException, InterruptedException {
    try (HttpClient client = client()) {
      return get(client, url, DEFAULT);
    }
  }

  static Reply get(HttpClient client, String url, Duration within)
      throws IOException, InterruptedException {
    long started = System.nanoTime();
    return reply(client.send(request(url, within), HttpResponse.BodyHandlers.ofString()), started);
  }

  /** As many requests at the same time. */
  static List<Reply> atOnce(int count, String url, Duration within) {
    try (HttpClient client = client()) {
      List<CompletableFuture<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        long started = System.nanoTime();
        replies.add(
            client
                .sendAsync(request(url, within), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> reply(response, started)));
      }
      return replies.stream().map(Web::join).toList();
    }
  }

  private static Reply join(CompletableFuture<Reply> reply) {
    try {
      return reply.join();
    } catch (CompletionException e) {
      throw new AssertionError("no answer: " + e.getCause(), e);
    }
  }

  private static HttpRequest request(String url, Duration within) {
    return HttpRequest.newBuilder(URI.create(url)).timeout(within).build();
  }

  private static Reply reply(HttpResponse<String> response, long startedNanos) {
    return new Reply(
        response.statusCode(),
        response.headers().firstValue("Retry-After"),
        response.body(),
        Duration.ofNanos(System.nanoTime() - startedNanos));
  }
}

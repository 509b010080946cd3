package io.wattle.host;

import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Callers that ask one address again and again, each as soon as it was answered. */
final class Load implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ExecutorService callers;
  private final List<Future<?>> calls = new ArrayList<>();
  private final List<String> answers = new CopyOnWriteArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private volatile boolean over;

  Load(Web web, String url, int count) {
    callers = Executors.newFixedThreadPool(count);
    for (int i = 0; i < count; i++) {
      calls.add(callers.submit(() -> call(web, url)));
    }
  }

  /** By POST: the client repeats a GET by itself. */
  private void call(Web web, String url) {
    while (!over) {
      try {
        HttpResponse<String> answer = web.post(url, "");
        if (answer.statusCode() == 200) {
          answers.add(answer.body().strip());
        } else {
          failures.add(answer.statusCode() + " " + answer.body());
        }
      } catch (Exception e) {
        failures.add(e.toString());
        return;
      }
    }
  }

  /** Waits until some more calls were answered. */
  void awaitMore() {
    int before = answers.size();
    await().atMost(PATIENCE).until(() -> answers.size() >= before + 30 || !failures.isEmpty());
  }

  /** Ends it; what was answered, in any order. */
  List<String> end() throws Exception {
    over = true;
    for (Future<?> call : calls) {
      call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    return List.copyOf(answers);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    over = true;
    callers.close();
  }
}

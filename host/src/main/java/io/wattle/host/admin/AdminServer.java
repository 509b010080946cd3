package io.wattle.host.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * A small HTTP server: {@code /metrics} in Prometheus text, {@code /livez} (200 while the process
 * can answer at all) and {@code /readyz} (200 or 503 and why not). It has threads of its own, so
 * that guests cannot starve it.
 */
public final class AdminServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads;

  /**
   * Starts serving.
   *
   * @param address port 0 takes any free one
   * @param notReady why the host is not ready, empty when it is
   */
  public AdminServer(
      InetSocketAddress address,
      PrometheusMeterRegistry metrics,
      Supplier<Optional<String>> notReady)
      throws IOException {
    server = HttpServer.create(address, 16);
    threads =
        Executors.newFixedThreadPool(2, Thread.ofPlatform().name("admin-", 0).daemon().factory());
    server.setExecutor(threads);
    serve("/metrics", () -> new Answer(200, "text/plain; version=0.0.4", metrics.scrape()));
    serve("/livez", () -> new Answer(200, TEXT, "ok\n"));
    serve(
        "/readyz",
        () ->
            notReady
                .get()
                .map(why -> new Answer(503, TEXT, why + "\n"))
                .orElse(new Answer(200, TEXT, "ok\n")));
    server.start();
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }

  private void serve(String path, Supplier<Answer> answer) {
    server.createContext(path, exchange -> reply(exchange, path, answer));
  }

  private static void reply(HttpExchange exchange, String path, Supplier<Answer> answers)
      throws IOException {
    try (exchange) {
      Answer answer =
          exchange.getRequestURI().getPath().equals(path)
              ? answers.get()
              : new Answer(404, TEXT, "not found\n");
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private record Answer(int status, String type, String body) {}
}

package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** A real Prometheus that scrapes one process of ours by the configuration of compose.yaml. */
record PrometheusServer(Process process, int port) implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(2);

  /** Starts one; the test is skipped, and says why, where there is none. */
  static PrometheusServer start(Path folder, int scraped) throws IOException, InterruptedException {
    Path program = program();
    String config =
        Files.readString(Repository.folder().resolve("compose/prometheus.yml"))
            .replaceAll("\\[\"[^]]*]", "[\"127.0.0.1:" + scraped + "\"]")
            .replaceAll("(scrape|evaluation)_interval: \\S+", "$1_interval: 1s");
    assertThat(config).contains("127.0.0.1:" + scraped).contains("scrape_interval: 1s");
    Path file = Files.writeString(folder.resolve("prometheus.yml"), config);
    check(
        program.resolveSibling("promtool"), Repository.folder().resolve("compose/prometheus.yml"));
    check(program.resolveSibling("promtool"), file);
    int port = Ports.free();
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("prometheus"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    PrometheusServer server = new PrometheusServer(process, port);
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> Web.get(server.url("/-/ready")).status() == 200);
    return server;
  }

  private static Path program() throws InterruptedException {
    try {
      return DebianTool.find("prometheus", "prometheus");
    } catch (IOException e) {
      throw new TestAbortedException("skipped: there is no prometheus here: " + e.getMessage(), e);
    }
  }

  private static void check(Path promtool, Path config) throws IOException, InterruptedException {
    Process check =
        new ProcessBuilder(promtool.toString(), "check", "config", config.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(check.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(check.exitValue()).as(said).isZero();
  }

  /** The series that a query has now. */
  List<JsonNode> query(String expression) throws IOException, InterruptedException {
    String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    Web.Reply reply = Web.get(url("/api/v1/query?query=" + encoded)).is(200);
    return new ObjectMapper().readTree(reply.body()).at("/data/result").valueStream().toList();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

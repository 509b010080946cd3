package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** {@code wattle host --join}, in a process of its own. */
final class JoinedHost {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final String name;
  private final Wattle.Running running;

  private JoinedHost(String name, Wattle.Running running) {
    this.name = name;
    this.running = running;
  }

  /** Starts it; its label {@code machine} is its name. */
  static JoinedHost start(Wattle wattle, String name, String token) throws Exception {
    Path file = wattle.folder().resolve("join-" + name);
    Files.writeString(file, token + "\n");
    return new JoinedHost(
        name,
        wattle.start(
            "host",
            "-o",
            "json",
            "--join",
            file.toString(),
            "--name",
            name,
            "--label",
            "machine=" + name));
  }

  /** Waits until it says that it is in the lattice. */
  void awaitReady() {
    await()
        .alias("host " + name + " is ready")
        .atMost(PATIENCE)
        .until(
            () -> {
              assertThat(running.process().isAlive())
                  .as(() -> "host " + name + " runs: " + said())
                  .isTrue();
              return !id().isEmpty();
            });
  }

  /** Its id in the lattice, empty before it is ready. */
  String id() {
    try {
      JsonNode said = new ObjectMapper().readTree(Files.readString(running.out()));
      return said == null ? "" : said.path("id").asText();
    } catch (java.io.IOException e) {
      return ""; // half written
    }
  }

  private String said() {
    try {
      return Files.readString(running.out()) + Files.readString(running.err());
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }

  /** SIGTERM; its exit code. */
  int terminate() throws InterruptedException {
    running.process().destroy();
    return awaitEnd();
  }

  boolean hasEnded() {
    return !running.process().isAlive();
  }

  /** Its exit code. */
  int awaitEnd() throws InterruptedException {
    assertThat(running.process().waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
        .as("host " + name + " has ended")
        .isTrue();
    return running.process().exitValue();
  }

  void kill() throws InterruptedException {
    running.process().destroyForcibly().waitFor();
  }
}

package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A host in a process of its own, which nobody starts again. Its standard input is its lifeline.
 */
final class HostProcess {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String name;
  private final String id;
  private final Process process;
  private final Writer lifeline;

  private HostProcess(String name, String id, Process process, Writer lifeline) {
    this.name = name;
    this.id = id;
    this.process = process;
    this.lifeline = lifeline;
  }

  /**
   * Starts it, and waits until it is in the lattice.
   *
   * @param name of its data directory: the same name is the same host again
   */
  static HostProcess start(
      Wattle wattle, LatticeOptions lattice, String name, Map<String, String> labels)
      throws IOException {
    Process process =
        wattle
            .builder("supervised-host")
            .redirectError(wattle.folder().resolve(name + ".err").toFile())
            .start();
    Writer lifeline = process.outputWriter(StandardCharsets.UTF_8);
    lifeline.write(MAPPER.writeValueAsString(settings(wattle, lattice, name, labels)) + "\n");
    lifeline.flush();
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    String line = said.readLine();
    assertThat(line).as("what host " + name + " says when it is ready").isNotNull();
    JsonNode ready = MAPPER.readTree(line);
    assertThat(ready.has("id")).as("host " + name + ": " + line).isTrue();
    return new HostProcess(name, ready.path("id").asText(), process, lifeline);
  }

  private static Map<String, Object> settings(
      Wattle wattle, LatticeOptions lattice, String name, Map<String, String> labels) {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("nats_url", lattice.url());
    if (lattice.credentials() instanceof Credentials.UserPassword(String user, String password)) {
      settings.put("user", user);
      settings.put("password", password);
    }
    settings.put("lattice", lattice.lattice());
    settings.put("labels", labels);
    settings.put("max_invocation_ms", Duration.ofSeconds(60).toMillis());
    settings.put("data_dir", wattle.folder().resolve(name).toString());
    settings.put("log", wattle.home().resolve("logs/" + name + ".log").toString());
    return settings;
  }

  String name() {
    return name;
  }

  /** Its id in the lattice. */
  String id() {
    return id;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Lets it end in good order. */
  void stop() throws IOException {
    lifeline.close();
  }

  @Override
  public String toString() {
    return name + " (" + id + ", pid " + process.pid() + ")";
  }
}

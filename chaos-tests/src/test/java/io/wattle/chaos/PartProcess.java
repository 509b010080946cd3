package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A host or a control plane in a process of its own, which nobody starts again. */
final class PartProcess {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration READY = Duration.ofSeconds(90);

  private final String name;
  private final Wattle.Running running;
  private final JsonNode ready;

  private PartProcess(String name, Wattle.Running running, JsonNode ready) {
    this.name = name;
    this.running = running;
    this.ready = ready;
  }

  /**
   * {@code wattle host}; returns when it is in the lattice.
   *
   * @param name of its data directory, too: the same name is the same host again
   */
  static PartProcess host(Wattle wattle, String name, String... options) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("host", "--data", wattle.folder().resolve(name).toString(), "--name", name));
    arguments.addAll(Arrays.asList(options));
    return start(wattle, name, arguments);
  }

  /** {@code wattle control-plane}; returns when it answers. */
  static PartProcess controlPlane(Wattle wattle, String name, String... options)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("control-plane"));
    arguments.addAll(Arrays.asList(options));
    return start(wattle, name, arguments);
  }

  private static PartProcess start(Wattle wattle, String name, List<String> arguments)
      throws IOException {
    arguments.addAll(List.of("-o", "json"));
    if (!arguments.contains("--http-admin")) {
      arguments.addAll(List.of("--http-admin", "0"));
    }
    Wattle.Running running = wattle.start(arguments.toArray(String[]::new));
    JsonNode ready =
        await()
            .alias(name + " is ready")
            .atMost(READY)
            .until(
                () -> {
                  assertThat(running.process().isAlive())
                      .as(() -> name + " runs: " + said(running))
                      .isTrue();
                  return json(running);
                },
                json -> !json.isMissingNode());
    return new PartProcess(name, running, ready);
  }

  private static JsonNode json(Wattle.Running running) throws IOException {
    try {
      return MAPPER.readTree(Files.readString(running.out()));
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance(); // half written
    }
  }

  private static String said(Wattle.Running running) {
    try {
      return Files.readString(running.out()) + Files.readString(running.err());
    } catch (IOException e) {
      return e.toString();
    }
  }

  String name() {
    return name;
  }

  /** A host's id in the lattice. */
  String id() {
    return ready.path("id").asText();
  }

  ProcessHandle handle() {
    return running.process().toHandle();
  }

  /** Invocations of a component that a host was asked for, by its own count. */
  double served(String component) throws IOException, InterruptedException {
    return metric("wattle_component_invocations_total{component=\"" + component + "\"}");
  }

  /** How often a component's code was loaded. */
  double loads(String component) throws IOException, InterruptedException {
    return metric("wattle_component_load_seconds_count{component=\"" + component + "\"}");
  }

  /** Whether a control plane leads, by what it says itself. */
  boolean leads() throws IOException, InterruptedException {
    return metric("wattle_controlplane_leader") == 1;
  }

  /** The value of the series that begins so, 0 when there is none. */
  private double metric(String series) throws IOException, InterruptedException {
    String text = Web.get(ready.path("admin_url").asText() + "/metrics").is(200).body();
    try (Stream<String> lines = text.lines()) {
      return lines
          .filter(line -> line.startsWith(series))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  /** {@code kill -9}; waits until it is gone. */
  void kill() throws InterruptedException {
    running.process().destroyForcibly().waitFor();
  }

  /** SIGTERM: it ends in good order. */
  void stop() {
    running.process().destroy();
  }

  @Override
  public String toString() {
    return name + " (pid " + running.process().pid() + ")";
  }
}

package io.wattle.benchmarks;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The real thing under measurement: {@code ./wattle} in a data directory of its own, on free ports.
 */
final class Wattle implements AutoCloseable {
  private final Path root;
  private final Path home;
  private final int port;

  private Wattle(Path root, Path home, int port) {
    this.root = root;
    this.home = home;
    this.port = port;
  }

  /** A data directory and a port; nothing runs yet. */
  static Wattle prepare(Path root) throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return new Wattle(root, Files.createTempDirectory("wattle-benchmark-"), free.getLocalPort());
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port + "/");
  }

  /** Starts everything with a hello in as many instances as given, and returns when it is ready. */
  void up(int instances, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("up", "-d", "--nats-port", "0"));
    command.addAll(List.of(options));
    command.add(manifest(instances).toString());
    command(command.toArray(String[]::new));
  }

  /** Deploys the hello with another number of instances. */
  void deploy(int instances) throws IOException, InterruptedException {
    command("app", "deploy", manifest(instances).toString());
  }

  /** The data directory. */
  Path home() {
    return home;
  }

  private int versions;

  private Path manifest(int instances) throws IOException {
    Path manifest = home.resolve("hello.yaml");
    Path component = root.resolve("components/dist/http-hello-world.wasm");
    Files.writeString(
        manifest,
        """
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata:
          name: benchmark
          annotations: {version: v%d}
        spec:
          components:
            - name: hello
              type: component
              properties: {image: "file://%s"}
              traits:
                - type: spreadscaler
                  properties: {instances: %d}
            - name: http
              type: capability
              properties: {image: ghcr.io/wasmcloud/http-server:0.27.0}
              traits:
                - type: link
                  properties:
                    target: hello
                    namespace: wasi
                    package: http
                    interfaces: [incoming-handler]
                    source_config:
                      - name: address
                        properties: {address: "127.0.0.1:%d"}
        """
            .formatted(++versions, component, instances, port));
    return manifest;
  }

  /** Processes of hosts in JVMs of their own. */
  List<Long> hostProcesses() throws IOException {
    List<Long> found = new ArrayList<>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (isOurs(process)
            && Files.readString(process.resolve("cmdline")).contains("supervised-host")) {
          found.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return found;
  }

  /** Runs a command to its end and returns how long it took, in nanoseconds. */
  long command(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(root.resolve("wattle").toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("WATTLE_HOME", home.toString());
    Path log = Files.createTempFile(home, "command", ".log");
    builder.redirectOutput(log.toFile());
    long start = System.nanoTime();
    Process process = builder.start();
    if (!process.waitFor(300, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(
          "wattle " + String.join(" ", arguments) + " failed:\n" + Files.readString(log));
    }
    return System.nanoTime() - start;
  }

  /** Asks once; the body of the answer. */
  String get() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(url()).timeout(Duration.ofSeconds(10)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  /** Resident memory of all processes of this data directory, in KiB by command name. */
  List<String> residentMemory() throws IOException {
    List<String> lines = new ArrayList<>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (isOurs(process)) {
          lines.add(name(process) + " " + (rssKib(process) >> 10) + " MiB");
        }
      }
    }
    return lines;
  }

  private boolean isOurs(Path process) {
    try {
      String environment =
          Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
      return environment.contains("WATTLE_HOME=" + home) && rssKib(process) > 4096;
    } catch (IOException e) {
      return false;
    }
  }

  private static String name(Path process) throws IOException {
    return Files.readString(process.resolve("comm")).strip();
  }

  private static long rssKib(Path process) throws IOException {
    return Files.readAllLines(process.resolve("status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  @Override
  public void close() throws IOException {
    try {
      command("down", "--purge");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.wattle.lattice.nats;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.lattice.json.Json;
import io.wattle.wit.io.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** A server that has been launched and does not answer yet. */
record Starting(
    NatsServerBinary binary,
    NatsServer.Options options,
    Process watchdog,
    ProcessHandle server,
    Deadline deadline) {

  // Prints the server's process id, then waits for the server to end. When standard input closes,
  // that is when our process is gone, it asks the server to stop and 5 s later makes it.
  private static final String WATCHDOG =
      """
      set -m 2>/dev/null
      trap '' INT HUP
      log=$1
      shift
      exec 3<&0
      "$@" </dev/null >>"$log" 2>&1 3<&- &
      server=$!
      echo "$server"
      exec >&-
      (
        read -r line <&3
        kill -TERM "$server"
        for second in 1 2 3 4 5; do
          kill -0 "$server" || exit 0
          sleep 1
        done
        kill -KILL "$server"
      ) 2>/dev/null &
      watch=$!
      exec 3<&-
      wait "$server"
      code=$?
      kill -KILL "$watch" 2>/dev/null
      exit "$code"
      """;

  static Starting begin(NatsServerBinary binary, NatsServer.Options options)
      throws IOException, InterruptedException {
    Path directory = options.directory().toAbsolutePath();
    Deadline deadline = Deadline.in(options.startTimeout());
    awaitPredecessor(directory, deadline);
    ServerFiles.writeConfig(binary, options);
    Path log = ServerFiles.log(directory);
    Files.writeString(log, "");
    ProcessBuilder builder =
        new ProcessBuilder(
            "/bin/sh",
            "-c",
            WATCHDOG,
            "wattle-nats",
            log.toString(),
            binary.path().toString(),
            "-c",
            ServerFiles.config(directory).toString());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process watchdog = builder.start();
    BufferedReader said = watchdog.inputReader(StandardCharsets.UTF_8);
    String line = said.readLine();
    long pid = line == null ? -1 : Long.parseLong(line.strip());
    ProcessHandle server = ProcessHandle.of(pid).orElse(null);
    if (server == null) {
      throw new IOException(failed(binary, log, deadline));
    }
    Files.writeString(ServerFiles.pid(directory), Long.toString(pid));
    return new Starting(binary, options, watchdog, server, deadline);
  }

  /** A server that was left by a process that died may need a moment to follow it. */
  private static void awaitPredecessor(Path directory, Deadline deadline)
      throws IOException, InterruptedException {
    Path file = ServerFiles.pid(directory);
    if (!Files.exists(file)) {
      return;
    }
    ProcessHandle before;
    try {
      before = ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElse(null);
    } catch (NumberFormatException e) {
      return;
    }
    boolean ours =
        before != null
            && before.info().command().filter(c -> c.contains("nats-server")).isPresent();
    if (before == null || !ours) {
      return;
    }
    try {
      before.onExit().get(Math.max(1, deadline.left().toMillis()), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          directory
              + " is in use by nats-server with process id "
              + before.pid()
              + ": stop that one, or use another directory",
          e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IOException("waiting for process " + before.pid(), e);
    }
  }

  int awaitPort() throws IOException, InterruptedException {
    Path file = ServerFiles.ports(options.directory().toAbsolutePath(), binary, server.pid());
    while (true) {
      if (Files.exists(file) && Files.size(file) > 0) {
        int port = port(Files.readAllBytes(file));
        if (port > 0 && NatsProbe.answers(options.host(), port)) {
          return port;
        }
      }
      if (!server.isAlive() || deadline.passed()) {
        throw new IOException(whyNot());
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private static int port(byte[] json) {
    try {
      JsonNode url = Json.tree(json, "ports file").path("nats").path(0);
      String text = url.asText();
      return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
    } catch (io.wattle.lattice.LatticeException | NumberFormatException e) {
      return -1; // half written
    }
  }

  private String whyNot() throws IOException {
    Path log = ServerFiles.log(options.directory());
    String text = Files.readString(log);
    if (text.contains("address already in use")) {
      return "port "
          + options.port()
          + " at "
          + options.host()
          + " is taken by "
          + NatsProbe.describe(options.host(), options.port())
          + ": stop that, or choose another port (0 for any free one)";
    }
    if (text.contains("cannot assign requested address")) {
      return options.host() + " is no address of this machine: listen at one that it has";
    }
    return failed(binary, log, deadline);
  }

  private static String failed(NatsServerBinary binary, Path log, Deadline deadline)
      throws IOException {
    String last =
        Files.readString(log)
            .lines()
            .filter(
                line -> line.contains("[FTL]") || line.contains("[ERR]") || !line.startsWith("["))
            .reduce("", (a, b) -> b.isBlank() ? a : b);
    return binary.path()
        + (deadline.passed() ? " did not answer in time" : " did not start")
        + (last.isEmpty() ? "" : ": " + last)
        + "; its log is "
        + log;
  }

  void giveUp() {
    server.destroyForcibly();
    try {
      watchdog.getOutputStream().close();
      Files.deleteIfExists(ServerFiles.pid(options.directory()));
    } catch (IOException e) {
      watchdog.destroyForcibly();
    }
  }
}

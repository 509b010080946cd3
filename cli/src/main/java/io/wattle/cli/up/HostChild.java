package io.wattle.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A host in its own JVM. Its standard input is its lifeline: when that closes, it stops. */
record HostChild(Process process, Writer lifeline, String id, String name) implements RunningHost {
  private static final long GRACE_SECONDS = 3;

  /**
   * Starts it and waits until it is in the lattice.
   *
   * @param share the part of the heap it gets
   */
  static HostChild start(HostSettings settings, int share, Path errors)
      throws CommandException, InterruptedException {
    List<String> command = new ArrayList<>(Jvm.command(share));
    command.add(SupervisedHostCommand.NAME);
    Process process = null;
    try {
      process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      Writer lifeline = process.outputWriter(StandardCharsets.UTF_8);
      lifeline.write(Json.compact(settings) + "\n");
      lifeline.flush();
      BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
      String line = reader.readLine();
      if (line == null) {
        throw CommandException.failed(
                "a host process ended with exit code " + process.waitFor() + " before it was ready")
            .hint("Log: " + errors);
      }
      JsonNode said = Json.MAPPER.readTree(line);
      if (said.has("error")) {
        throw CommandException.failed(said.get("error").asText());
      }
      return new HostChild(process, lifeline, said.path("id").asText(), said.path("name").asText());
    } catch (IOException e) {
      if (process != null) {
        process.destroyForcibly();
      }
      throw CommandException.failed("a host process cannot start: " + e.getMessage()).because(e);
    }
  }

  @Override
  public void stop(Duration within) throws InterruptedException {
    try {
      lifeline.close();
    } catch (IOException e) {
      process.destroy(); // it has gone, or goes now
    }
    if (!process.waitFor(within.toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      process.waitFor();
    }
  }
}

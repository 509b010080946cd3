package io.wattle.lattice.nats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a command to its end. */
final class Command {
  private Command() {}

  /** What it printed; fails when it cannot be run, takes too long, or exits with an error. */
  static String run(Duration timeout, @Nullable Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    return runIn(null, timeout, environment, command);
  }

  static String runIn(
      @Nullable Path directory,
      Duration timeout,
      @Nullable Map<String, String> environment,
      String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("wattle-", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      if (directory != null) {
        builder.directory(directory.toFile());
      }
      if (environment != null) {
        builder.environment().putAll(environment);
      }
      Process process = builder.start();
      process.getOutputStream().close();
      await(process, timeout, command[0]);
      String printed = Files.readString(output).strip();
      if (process.exitValue() != 0) {
        throw new IOException(
            command[0] + " exited with " + process.exitValue() + ": " + lastLine(printed));
      }
      return printed;
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static void await(Process process, Duration timeout, String name)
      throws IOException, InterruptedException {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(name + " did not end within " + timeout.toSeconds() + " s");
      }
    } finally {
      if (process.isAlive()) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  private static String lastLine(String printed) {
    return printed.substring(printed.lastIndexOf('\n') + 1);
  }
}

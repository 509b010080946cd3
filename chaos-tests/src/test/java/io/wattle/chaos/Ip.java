package io.wattle.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The {@code ip} command (Debian's package iproute2). */
final class Ip {
  private static final long SECONDS = 60;

  private Ip() {}

  /** Runs {@code ip} with the words of {@code arguments}; what it printed. */
  static String run(String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(Arrays.asList(arguments.split(" ")));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("ip " + arguments + ": not done within " + SECONDS + " s");
    }
    if (process.exitValue() != 0) {
      throw new IOException("ip " + arguments + ": " + said);
    }
    return said;
  }
}

package io.wattle.cli;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.Console;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;

/**
 * Runs harmless commands so that the JVM can remember the classes they need (JEP 514, ahead-of-time
 * cache); the launcher runs it once after each build.
 */
@Command(name = "warm-up", hidden = true, description = "Load what commands need.")
final class WarmUp extends BaseCommand {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("--version"),
          List.of("--help"),
          List.of("app", "deploy", "--help"),
          List.of("get", "hosts", "--nats-url", "nats://127.0.0.1:1"),
          List.of("get", "hosts", "--nats-url", "nats://127.0.0.1:1", "-o", "json"));

  @Override
  protected Answer execute(Console console) {
    PrintWriter nowhere =
        new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    for (List<String> command : COMMANDS) {
      Main.run(nowhere, nowhere, command.toArray(String[]::new));
    }
    return Answer.of("");
  }
}

package io.wattle.cli;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs harmless commands so that the JVM can remember the classes they need (JEP 514, ahead-of-time
 * cache); the launcher runs it after each build, once for short commands and once for those that
 * run guests.
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

  private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Option(
      names = "--serve",
      paramLabel = "FILE",
      description =
          "An HTTP component that is served and asked once, interpreted, then as it is compiled,"
              + " then from disk.")
  private @Nullable String served;

  @Override
  protected Answer execute(Console console) throws CommandException, InterruptedException {
    PrintWriter nowhere =
        new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    for (List<String> command : COMMANDS) {
      Main.run(nowhere, nowhere, command.toArray(String[]::new));
    }
    if (served != null) {
      serve(served, nowhere, "--interpret"); // a small one would be compiled before it is asked
      serve(served, nowhere);
      Main.run(nowhere, nowhere, "compile", served);
      serve(served, nowhere); // from disk
    }
    return Answer.of("");
  }

  private static void serve(String file, PrintWriter nowhere, String... options)
      throws CommandException, InterruptedException {
    StringWriter said = new StringWriter();
    List<String> command = new ArrayList<>(List.of("serve", file, "--addr", "127.0.0.1:0"));
    command.addAll(List.of(options));
    Thread server =
        Thread.ofPlatform()
            .name("warm-up")
            .start(
                () ->
                    Main.run(new PrintWriter(said, true), nowhere, command.toArray(String[]::new)));
    try {
      ask(url(said, server));
    } catch (IOException e) {
      throw CommandException.failed(file + " gave no answer: " + e.getMessage()).because(e);
    } finally {
      server.interrupt();
      server.join(PATIENCE);
    }
  }

  private static URI url(StringWriter said, Thread server)
      throws CommandException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && server.isAlive()) {
      Matcher url = URL.matcher(said.toString());
      if (url.find()) {
        return URI.create(url.group());
      }
      server.join(Duration.ofMillis(20));
    }
    throw CommandException.failed("nothing is served: " + said);
  }

  private static void ask(URI url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
    connection.setReadTimeout((int) PATIENCE.toMillis());
    connection.getInputStream().readAllBytes();
  }
}

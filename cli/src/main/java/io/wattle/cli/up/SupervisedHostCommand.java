package io.wattle.cli.up;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.Json;
import io.wattle.cli.log.Logging;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** A host of a supervisor, in this process: settings come on standard input, whose end ends it. */
@Command(
    name = SupervisedHostCommand.NAME,
    hidden = true,
    description = "Run one host of a supervisor.")
public final class SupervisedHostCommand extends BaseCommand {
  static final String NAME = "supervised-host";

  private static final Duration DRAIN = Duration.ofSeconds(10);

  @Override
  protected Answer execute(Console console) throws CommandException, InterruptedException {
    BufferedReader lifeline =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Session.detach(); // Ctrl-C is the supervisor's to answer
    try {
      HostSettings settings = Json.MAPPER.readValue(lifeline.readLine(), HostSettings.class);
      Logging.toFile(Path.of(settings.log()));
      LocalHost host =
          LocalHost.start(
              settings.options(),
              Path.of(settings.dataDir()),
              settings.labels(),
              Duration.ofMillis(settings.maxInvocationMillis()),
              null,
              new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
      Map<String, Object> ready = new LinkedHashMap<>();
      ready.put("id", host.id());
      ready.put("name", host.name());
      console.line(Json.compact(ready));
      Thread.ofPlatform().daemon().name("lifeline").start(() -> stopAtEnd(lifeline, host));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(host)));
      host.host().awaitStop();
      return Answer.NONE;
    } catch (IOException e) {
      throw CommandException.failed("standard input: " + e.getMessage()).because(e);
    } catch (CommandException e) {
      console.line(Json.compact(Map.of("error", String.valueOf(e.getMessage()))));
      throw e;
    }
  }

  private static void stopAtEnd(BufferedReader lifeline, LocalHost host) {
    try {
      while (lifeline.readLine() != null) {
        // nothing more is said
      }
    } catch (IOException e) {
      // as good as its end
    }
    stop(host);
  }

  private static void stop(LocalHost host) {
    try {
      host.stop(DRAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

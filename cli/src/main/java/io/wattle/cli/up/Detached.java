package io.wattle.cli.up;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.DataDir;
import io.wattle.cli.base.ExitCode;
import io.wattle.cli.base.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts a supervisor that outlives this process, and waits until it is ready or has failed. */
final class Detached {
  /** The option that makes {@code up} such a supervisor. */
  static final String CHILD = "--detached-child";

  private static final int LAST_LINES = 15;
  private static final TypeReference<LinkedHashMap<String, Object>> FIELDS =
      new TypeReference<>() {};

  private Detached() {}

  static Answer start(DataDir dataDir, List<String> arguments, Console console)
      throws CommandException, InterruptedException {
    Path log = dataDir.logs().resolve("up.log");
    try {
      DataDir.createPrivate(dataDir.logs());
      List<String> command = new ArrayList<>(Jvm.command(1));
      command.addAll(arguments);
      command.add(CHILD);
      Process child =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectError(log.toFile())
              .start();
      Thread giveUp = new Thread(child::destroy);
      Runtime.getRuntime().addShutdownHook(giveUp);
      Answer answer = follow(child, log, console);
      Runtime.getRuntime().removeShutdownHook(giveUp);
      return answer;
    } catch (IOException e) {
      throw CommandException.failed("cannot start the supervisor: " + e.getMessage()).because(e);
    }
  }

  private static Answer follow(Process child, Path log, Console console)
      throws CommandException, InterruptedException, IOException {
    try (BufferedReader reader = child.inputReader(StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      while (line != null) {
        JsonNode said = Json.MAPPER.readTree(line);
        if (said.has(PipeAnnouncer.PROGRESS)) {
          console.progress(said.get(PipeAnnouncer.PROGRESS).asText());
        } else if (said.has(PipeAnnouncer.LINE)) {
          console.line(said.get(PipeAnnouncer.LINE).asText());
        } else if (said.has(PipeAnnouncer.READY)) {
          return new Answer("", Json.MAPPER.convertValue(said.get(PipeAnnouncer.READY), FIELDS));
        } else {
          child.waitFor();
          throw failure(said.path(PipeAnnouncer.FAILED));
        }
        line = reader.readLine();
      }
    }
    int exit = child.waitFor();
    throw CommandException.failed("the supervisor ended with exit code " + exit)
        .hint(lastLines(log) + "Log: " + log);
  }

  private static CommandException failure(JsonNode said) {
    ExitCode exit = ExitCode.valueOf(said.path("exit").asText(ExitCode.FAILED.name()));
    CommandException failure = CommandException.of(exit, said.path("message").asText());
    if (said.has("hint")) {
      failure = failure.hint(said.get("hint").asText());
    }
    for (Map.Entry<String, JsonNode> field : said.path("data").properties()) {
      failure = failure.with(field.getKey(), field.getValue());
    }
    return failure;
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
    return last.isEmpty() ? "" : String.join("\n", last) + "\n";
  }
}

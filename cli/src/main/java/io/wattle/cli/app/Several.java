package io.wattle.cli.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Does the same with several applications; one failure does not keep the others from it. */
final class Several {
  private Several() {}

  /** What is done with one application; the answer is what the control plane said. */
  @FunctionalInterface
  interface Action {
    String with(String app) throws CommandException, InterruptedException;
  }

  /** The applications that have a value in {@code field}. */
  static List<String> names(JsonNode list, String field) {
    return select(list, field, true);
  }

  /** The applications that have no value in {@code field}. */
  static List<String> namesWithout(JsonNode list, String field) {
    return select(list, field, false);
  }

  private static List<String> select(JsonNode list, String field, boolean wanted) {
    List<String> names = new ArrayList<>();
    for (JsonNode app : list) {
      if (app.hasNonNull(field) == wanted) {
        names.add(app.path("name").asText());
      }
    }
    return names;
  }

  /**
   * Does it.
   *
   * @throws CommandException the first failure, with what became of each in {@code results}
   */
  static Answer each(List<String> apps, String done, Action action)
      throws CommandException, InterruptedException {
    List<Object> results = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    List<CommandException> failures = new ArrayList<>();
    for (String app : apps) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("app", app);
      try {
        String message = action.with(app);
        result.put(done, true);
        result.put("message", message);
        lines.add(done + " " + app);
      } catch (CommandException e) {
        result.put(done, false);
        result.put("message", String.valueOf(e.getMessage()));
        failures.add(e);
      }
      results.add(result);
    }
    if (!failures.isEmpty()) {
      List<String> messages =
          failures.stream().map(failure -> String.valueOf(failure.getMessage())).toList();
      CommandException first = failures.getFirst();
      throw CommandException.of(first.exitCode(), String.join("\n", messages) + lines(lines))
          .with("results", results)
          .because(first);
    }
    return Answer.of(apps.isEmpty() ? "nothing to do" : String.join("\n", lines))
        .with("results", results);
  }

  private static String lines(List<String> lines) {
    return lines.isEmpty() ? "" : "\n" + String.join("\n", lines);
  }
}

package io.wattle.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Grafana dashboard of {@code compose.yaml}. */
record Dashboard(List<Query> queries, Set<String> sources) {
  /** A word of PromQL that is neither in quotes nor a duration. */
  private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

  private static final Pattern STRINGS = Pattern.compile("\"[^\"]*\"");
  private static final Pattern RANGES = Pattern.compile("\\[[0-9a-z:]+]");
  private static final Pattern SELECTORS = Pattern.compile("\\{([^}]*)}");
  private static final Pattern GROUPS =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Set<String> OPERATORS = Set.of("or", "and", "unless", "bool", "offset");

  /** A query of a panel. */
  record Query(String panel, String expression, String legend) {
    /** The metrics it is about. */
    Set<String> metrics() {
      String bare = RANGES.matcher(STRINGS.matcher(expression).replaceAll("")).replaceAll("");
      bare = SELECTORS.matcher(GROUPS.matcher(bare).replaceAll(" ")).replaceAll(" ");
      Set<String> names = new TreeSet<>();
      Matcher words = WORD.matcher(bare);
      while (words.find()) {
        boolean function = bare.substring(words.end()).stripLeading().startsWith("(");
        boolean number = words.start() > 0 && Character.isDigit(bare.charAt(words.start() - 1));
        if (!function && !number && !OPERATORS.contains(words.group())) {
          names.add(words.group());
        }
      }
      return names;
    }

    /** The labels it groups, selects or shows by. */
    Set<String> labels() {
      Set<String> labels = new TreeSet<>();
      Matcher groups = GROUPS.matcher(expression);
      while (groups.find()) {
        addWords(groups.group(1), labels);
      }
      Matcher selectors = SELECTORS.matcher(STRINGS.matcher(expression).replaceAll(""));
      while (selectors.find()) {
        addWords(selectors.group(1), labels);
      }
      Matcher shown = Pattern.compile("\\{\\{([a-z_]+)}}").matcher(legend);
      while (shown.find()) {
        labels.add(shown.group(1));
      }
      return labels;
    }

    private static void addWords(String text, Set<String> to) {
      Matcher words = WORD.matcher(text);
      while (words.find()) {
        to.add(words.group());
      }
    }
  }

  /** The one in the checkout. */
  static Dashboard read(Path root) throws IOException {
    JsonNode json =
        new ObjectMapper()
            .readTree(root.resolve("compose/grafana/dashboards/wattle.json").toFile());
    List<Query> queries = new ArrayList<>();
    for (JsonNode panel : json.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(
            new Query(
                panel.path("title").asText(),
                target.path("expr").asText(),
                target.path("legendFormat").asText()));
      }
    }
    return new Dashboard(
        queries,
        new TreeSet<>(
            json.findValuesAsText("uid").stream().filter(uid -> !uid.equals("wattle")).toList()));
  }
}

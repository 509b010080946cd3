package io.wattle.runtime.suite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of our messages name the rule that the suite's text names: those that contain the text, and
 * those that {@code rules.txt} lists for it ({@code suite's text => ours}; either may end in {@code
 * *}, and a suite's text then stands for all that begin so; {@code SCRIPT:LINE} before it stands
 * for one assertion only).
 */
final class Rules {
  private static final Pattern PLACE = Pattern.compile("(\\S+\\.wast:\\d+) (.*)");

  private record Rule(String place, String theirs, String ours) {
    boolean allows(String where, String text, String message) {
      boolean here = place.isEmpty() || place.equals(where);
      boolean about =
          theirs.endsWith("*")
              ? text.startsWith(theirs.substring(0, theirs.length() - 1))
              : text.equals(theirs);
      return here && about && message.contains(ours);
    }
  }

  private final List<Rule> rules = new ArrayList<>();

  private Rules() {}

  static Rules load() {
    Rules rules = new Rules();
    for (String line : lines("rules.txt")) {
      int arrow = line.indexOf(" => ");
      if (arrow < 0) {
        throw new IllegalArgumentException("rules.txt: no arrow in: " + line);
      }
      String theirs = line.substring(0, arrow);
      Matcher placed = PLACE.matcher(theirs);
      boolean one = placed.matches();
      rules.rules.add(
          new Rule(
              one ? placed.group(1) : "",
              (one ? placed.group(2) : theirs).toLowerCase(Locale.ROOT),
              line.substring(arrow + 4).toLowerCase(Locale.ROOT)));
    }
    return rules;
  }

  /** The lines of a resource beside the suite's tests, without comments. */
  static List<String> lines(String resource) {
    try (InputStream in =
        Objects.requireNonNull(Rules.class.getResourceAsStream("/suite/" + resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean same(String where, String text, String message) {
    String theirs = text.toLowerCase(Locale.ROOT);
    String ours = message.toLowerCase(Locale.ROOT);
    return ours.contains(theirs)
        || rules.stream().anyMatch(rule -> rule.allows(where, theirs, ours));
  }
}

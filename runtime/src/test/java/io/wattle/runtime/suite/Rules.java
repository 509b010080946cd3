package io.wattle.runtime.suite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Which of our messages name the rule that the suite's text names: those that contain the text, and
 * those that {@code rules.txt} lists for it ({@code suite's text => ours}; either may end in {@code
 * *}, and a suite's text then stands for all that begin so).
 */
final class Rules {
  private record Rule(String theirs, String ours) {
    boolean allows(String text, String message) {
      boolean about =
          theirs.endsWith("*")
              ? text.startsWith(theirs.substring(0, theirs.length() - 1))
              : text.equals(theirs);
      return about && message.contains(ours);
    }
  }

  private final List<Rule> rules = new ArrayList<>();

  private Rules() {}

  /** The rules of these resources. */
  static Rules load(String... resources) {
    Rules rules = new Rules();
    for (String line : Stream.of(resources).flatMap(name -> lines(name).stream()).toList()) {
      int arrow = line.indexOf(" => ");
      if (arrow < 0) {
        throw new IllegalArgumentException("no arrow in the rule: " + line);
      }
      rules.rules.add(
          new Rule(
              line.substring(0, arrow).toLowerCase(Locale.ROOT),
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

  boolean same(String text, String message) {
    String theirs = text.toLowerCase(Locale.ROOT);
    String ours = message.toLowerCase(Locale.ROOT);
    return ours.contains(theirs) || rules.stream().anyMatch(rule -> rule.allows(theirs, ours));
  }
}

package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Options that say how long something may take. */
final class Times {
  /** A clock of nanoseconds goes no further than 292 years. */
  private static final Duration MOST = Duration.ofDays(365 * 100);

  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})(ms|s|m|h|)");

  private Times() {}

  /**
   * Seconds, or a number with a unit: {@code 90}, {@code 1500ms}, {@code 2m}.
   *
   * @throws CommandException when it is neither, or nothing, or longer than a hundred years
   */
  static Duration parse(String option, String text) throws CommandException {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration time =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofSeconds(number).multipliedBy(60);
            case "h" -> Duration.ofSeconds(number).multipliedBy(3600);
            default -> Duration.ofSeconds(number);
          };
      if (time.isPositive() && time.compareTo(MOST) <= 0) {
        return time;
      }
    }
    throw wrong(option, "\"" + text + "\"", "seconds, like 90, or 1500ms, 2m, 1h; not 0");
  }

  /** So many milliseconds; none of them is no time at all. */
  static Duration millis(String option, long millis) throws CommandException {
    if (millis < 0 || millis > MOST.toMillis()) {
      throw wrong(option, Long.toString(millis), "milliseconds, 0 to " + MOST.toMillis());
    }
    return Duration.ofMillis(millis);
  }

  private static CommandException wrong(String option, String given, String expected) {
    return CommandException.usage(option + ": " + given + " (expected: " + expected + ")");
  }
}

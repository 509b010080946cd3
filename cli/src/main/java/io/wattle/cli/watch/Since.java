package io.wattle.cli.watch;

import io.wattle.cli.base.CommandException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An age, {@code 90s 5m 2h 1d}, or a time in ISO 8601 with its offset. */
final class Since {
  private static final Pattern AGE = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

  private Since() {}

  static Instant parse(String text, Instant now) throws CommandException {
    Matcher age = AGE.matcher(text);
    if (age.matches()) {
      return now.minus(duration(Long.parseLong(age.group(1)), age.group(2)));
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw CommandException.usage(
              "--since: " + text + " (expected: 90s, 5m, 2h, 1d or 2026-01-31T12:00:00Z)")
          .because(e);
    }
  }

  private static Duration duration(long count, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}

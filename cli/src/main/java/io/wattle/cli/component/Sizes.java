package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Options that say how large something may be. */
final class Sizes {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,12})(?:([kKmMgG])(?:iB)?)?");

  private Sizes() {}

  /**
   * Bytes, or a number with a unit of 1,024: {@code 65536}, {@code 64m}, {@code 1GiB}.
   *
   * @throws CommandException when it is neither, or fewer than {@code least}
   */
  static long parse(String option, String text, long least) throws CommandException {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      String unit = matcher.group(2);
      int shift = unit == null ? 0 : 10 * (1 + "kKmMgG".indexOf(unit) / 2);
      long bytes = Long.parseLong(matcher.group(1)) << shift;
      if (bytes >= least) {
        return bytes;
      }
    }
    throw CommandException.usage(
        option
            + ": \""
            + text
            + "\" (expected: bytes, at least "
            + least
            + ", or a number with k, m or g, like 64m)");
  }
}

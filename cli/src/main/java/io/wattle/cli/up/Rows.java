package io.wattle.cli.up;

/** The lines of the summary, in columns. */
final class Rows {
  private Rows() {}

  static String row(String what, String which, String state, String more) {
    return "  %-19s %-13s %-10s %s".formatted(what, which, state, more).stripTrailing();
  }

  static String wide(String what, String which, String rest) {
    return "  %-19s %-13s %s".formatted(what, which, rest).stripTrailing();
  }

  static String url(String url, String more) {
    return "  %-33s %s".formatted(url, more).stripTrailing();
  }
}

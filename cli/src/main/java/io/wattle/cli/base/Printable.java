package io.wattle.cli.base;

/** Text that others chose, such as the names in a binary: a terminal would do what it says. */
final class Printable {
  private static final int DELETE = 0x7f;
  private static final int LAST_CONTROL = 0x9f;

  private Printable() {}

  /** One line: control characters are spelt out. */
  static String line(String text) {
    return of(text, "");
  }

  /** Lines: the same, but for line ends and tabs. */
  static String lines(String text) {
    return of(text, "\n\t");
  }

  private static String of(String text, String kept) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = c < ' ' || (c >= DELETE && c <= LAST_CONTROL);
      if (control && kept.indexOf(c) < 0) {
        if (out == null) {
          out = new StringBuilder(text.substring(0, i));
        }
        out.append(String.format("\\u{%x}", (int) c));
      } else if (out != null) {
        out.append(c);
      }
    }
    return out == null ? text : out.toString();
  }
}

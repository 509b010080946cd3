package io.wattle.runtime.suite;

/** The text of a script, as far as its top level goes. */
final class WastText {
  private WastText() {}

  /** The script without the command that a line is part of; all others stay where they are. */
  static String without(String text, int line) {
    int at = 0;
    int now = 1;
    while (at < text.length()) {
      int end = end(text, at);
      int then = now + (int) text.substring(at, end).chars().filter(c -> c == '\n').count();
      boolean isForm = text.charAt(at) == '(' && !text.startsWith("(;", at);
      if (isForm && now <= line && line <= then) {
        return text.substring(0, at)
            + text.substring(at, end).replaceAll("[^\n]", " ")
            + text.substring(end);
      }
      now = then;
      at = end;
    }
    throw new IllegalArgumentException("line " + line + " is part of no command");
  }

  /** Where what begins at {@code at} ends: a comment, a string, a whole form, or a character. */
  private static int end(String text, int at) {
    if (text.startsWith(";;", at)) {
      int end = text.indexOf('\n', at);
      return end < 0 ? text.length() : end;
    }
    if (text.startsWith("(;", at)) {
      int inside = at + 2;
      while (!text.startsWith(";)", inside)) {
        inside = text.startsWith("(;", inside) ? end(text, inside) : inside + 1;
      }
      return inside + 2;
    }
    return switch (text.charAt(at)) {
      case '"' -> {
        int end = at + 1;
        while (text.charAt(end) != '"') {
          end += text.charAt(end) == '\\' ? 2 : 1;
        }
        yield end + 1;
      }
      case '(' -> {
        int inside = at + 1;
        while (text.charAt(inside) != ')') {
          inside = end(text, inside);
        }
        yield inside + 1;
      }
      default -> at + 1;
    };
  }
}

package io.wattle.runtime.engine;

/**
 * Messages with names in them that a guest chose: a name may be 100,000 letters long, and hold what
 * moves a terminal's cursor or makes a line of a log look like two.
 */
public final class Printable {
  private static final int LONGEST = 2_000;
  private static final int TAIL = 500;

  private Printable() {}

  /** A message of one line, not too long. */
  public static String line(String message) {
    return lines(message).replace('\n', ' ');
  }

  /** A message that may have several lines, not too long. */
  public static String lines(String message) {
    String text = message;
    if (text.length() > LONGEST) {
      int end = text.length() - TAIL;
      text = text.substring(0, LONGEST - TAIL) + " [...] " + text.substring(end);
    }
    if (text.codePoints().allMatch(Printable::isPlain)) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isPlain(c)) {
                plain.appendCodePoint(c);
              } else {
                plain.append("\\u{").append(Integer.toHexString(c)).append('}');
              }
            });
    return plain.toString();
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c == '\n' || c == '\t';
      // What turns the direction of writing, halves of characters, other line ends.
      case Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}

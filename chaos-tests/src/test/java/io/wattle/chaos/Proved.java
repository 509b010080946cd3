package io.wattle.chaos;

/** What a scenario has shown, in the test's output. */
final class Proved {
  private Proved() {}

  @SuppressWarnings("AnnotateFormatMethod") // which needs a library of its own
  static void that(String format, Object... values) {
    System.out.println("proved: " + format.formatted(values));
  }
}

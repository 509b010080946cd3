package io.wattle.chaos;

import io.wattle.chaos.history.Window;
import java.time.Duration;
import java.util.List;

/** What a scenario has shown, in the test's output. */
final class Proved {
  private Proved() {}

  @SuppressWarnings("AnnotateFormatMethod") // which needs a library of its own
  static void that(String format, Object... values) {
    System.out.println("proved: " + format.formatted(values));
  }

  /**
   * How long something took, in all rounds: a line of the table that {@code benchmarks/trouble}
   * makes.
   */
  static void took(String what, List<Window> rounds, Duration promised) {
    List<Duration> sorted = rounds.stream().map(Window::length).sorted().toList();
    figure(
        what,
        "%.2f s to %.2f s, median %.2f s"
            .formatted(
                seconds(sorted.getFirst()),
                seconds(sorted.getLast()),
                seconds(sorted.get(sorted.size() / 2))),
        "<= " + promised.toSeconds() + " s",
        sorted.size() + " times, until a request is served again");
  }

  /** A line of that table. */
  static void figure(String what, String value, String promised, String how) {
    System.out.println("figure: | " + String.join(" | ", what, value, promised, how) + " |");
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}

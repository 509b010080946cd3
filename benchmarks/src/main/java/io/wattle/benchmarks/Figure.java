package io.wattle.benchmarks;

import java.util.Locale;

/**
 * One line of the table.
 *
 * @param name what was measured
 * @param value with its unit
 * @param target what it should be, empty when there is none
 * @param note how it was measured
 */
record Figure(String name, String value, String target, String note) {

  /** A number with three significant places or so. */
  static String number(double value) {
    String pattern = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, pattern, value);
  }

  /** Nanoseconds in the unit that reads best. */
  static String time(long nanos) {
    if (nanos < 1_000_000) {
      return number(nanos / 1e3) + " us";
    }
    return nanos < 1_000_000_000 ? number(nanos / 1e6) + " ms" : number(nanos / 1e9) + " s";
  }
}

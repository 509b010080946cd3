package io.wattle.host.control;

import io.wattle.wit.io.Ticker;
import java.time.Duration;

/** How long the host has been there. */
public final class Uptime {
  private final Ticker ticker;
  private final long startedNanos;

  public Uptime(Ticker ticker) {
    this.ticker = ticker;
    this.startedNanos = ticker.nanos();
  }

  long seconds() {
    return Duration.ofNanos(ticker.nanos() - startedNanos).toSeconds();
  }

  /** {@code 1day 2h 3m 4s}, without the parts that are zero. */
  String human() {
    Duration up = Duration.ofSeconds(seconds());
    if (up.isZero()) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    part(text, up.toDays(), up.toDays() == 1 ? "day" : "days");
    part(text, up.toHoursPart(), "h");
    part(text, up.toMinutesPart(), "m");
    part(text, up.toSecondsPart(), "s");
    return text.toString().strip();
  }

  private static void part(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(' ').append(amount).append(unit);
    }
  }
}

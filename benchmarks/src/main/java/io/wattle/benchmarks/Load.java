package io.wattle.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts load on an address of this machine with wrk, bounded in time. */
final class Load {
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");
  private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

  private Load() {}

  /**
   * What a run gave.
   *
   * @param perSecond requests answered in a second
   * @param p99Nanos 99th percentile of latency
   * @param failed answers that were not 2xx or 3xx
   */
  record Rate(double perSecond, long p99Nanos, long failed) {}

  static boolean available() {
    try {
      Process wrk = new ProcessBuilder("wrk", "-v").redirectErrorStream(true).start();
      wrk.getInputStream().readAllBytes();
      return wrk.waitFor(5, TimeUnit.SECONDS);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static Rate run(URI url, int connections, Duration time)
      throws IOException, InterruptedException {
    Process wrk =
        new ProcessBuilder(
                List.of(
                    "wrk",
                    "--latency",
                    "-t1",
                    "-c" + connections,
                    "-d" + time.toSeconds() + "s",
                    url.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!wrk.waitFor(time.toSeconds() + 30, TimeUnit.SECONDS)) {
      wrk.destroyForcibly();
    }
    Matcher rate = RATE.matcher(output);
    if (!rate.find()) {
      throw new IOException("wrk gave no rate for " + url + ":\n" + output);
    }
    Matcher p99 = P99.matcher(output);
    Matcher bad = BAD.matcher(output);
    return new Rate(
        Double.parseDouble(rate.group(1)),
        p99.find() ? nanos(p99.group(1), p99.group(2)) : 0,
        bad.find() ? Long.parseLong(bad.group(1)) : 0);
  }

  /** The one in the middle by rate. */
  static Rate median(List<Rate> rates) {
    return rates.stream()
        .sorted(Comparator.comparingDouble(Rate::perSecond))
        .toList()
        .get(rates.size() / 2);
  }

  private static long nanos(String number, String unit) {
    double scale =
        switch (unit) {
          case "us" -> 1e3;
          case "ms" -> 1e6;
          default -> 1e9;
        };
    return Math.round(Double.parseDouble(number) * scale);
  }
}

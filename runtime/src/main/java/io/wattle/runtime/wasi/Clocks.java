package io.wattle.runtime.wasi;

import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.wasi.io.Pollable;
import io.wattle.wit.io.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** {@code wasi:clocks}: the host's clocks; the time zone is UTC. */
final class Clocks {
  private static final Object[] UTC = {0, "UTC", false};

  private Clocks() {}

  static List<HostInterface> all(Ticker ticker, InstantSource wall) {
    return List.of(monotonic(ticker), wall(wall), timezone());
  }

  private static HostInterface monotonic(Ticker ticker) {
    // Counted from here: guests take the number for unsigned and add durations to it.
    long origin = ticker.nanos();
    return HostInterface.named("wasi:clocks/monotonic-clock@0.2.0")
        .function("now", (call, args) -> ticker.nanos() - origin)
        .repeatable("resolution", (call, args) -> 1L)
        .function(
            "subscribe-instant",
            (call, args) -> {
              long now = ticker.nanos();
              long when = (Long) args[0];
              long passed = now - origin;
              return Long.compareUnsigned(when, passed) <= 0
                  ? Pollable.ALWAYS
                  : Pollable.timer(ticker, now, when - passed);
            })
        .function(
            "subscribe-duration",
            (call, args) -> Pollable.timer(ticker, ticker.nanos(), (Long) args[0]))
        .build();
  }

  private static HostInterface wall(InstantSource wall) {
    return HostInterface.named("wasi:clocks/wall-clock@0.2.0")
        .function(
            "now",
            (call, args) -> {
              Instant now = wall.instant();
              return new Object[] {now.getEpochSecond(), (long) now.getNano()};
            })
        .repeatable("resolution", (call, args) -> new Object[] {0L, 1L})
        .build();
  }

  private static HostInterface timezone() {
    return HostInterface.named("wasi:clocks/timezone@0.2.0")
        .repeatable("display", (call, args) -> UTC.clone())
        .repeatable("utc-offset", (call, args) -> 0)
        .build();
  }
}

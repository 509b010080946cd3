package io.wattle.runtime.wasi.http;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The host's side of the resource {@code wasi:http/types.request-options}; in nanoseconds. */
final class RequestOptions {
  /** The three timeouts; the names are those of the functions. */
  enum Timeout {
    CONNECT("connect-timeout"),
    FIRST_BYTE("first-byte-timeout"),
    BETWEEN_BYTES("between-bytes-timeout");

    private final String wit;

    Timeout(String wit) {
      this.wit = wit;
    }

    String wit() {
      return wit;
    }
  }

  private final Map<Timeout, Object> nanos = new EnumMap<>(Timeout.class);

  Object get(Timeout timeout) {
    return nanos.getOrDefault(timeout, Optional.empty());
  }

  void set(Timeout timeout, Object value) {
    nanos.put(timeout, value);
  }

  OutgoingHttp.Timeouts timeouts() {
    return new OutgoingHttp.Timeouts(
        duration(Timeout.CONNECT), duration(Timeout.FIRST_BYTE), duration(Timeout.BETWEEN_BYTES));
  }

  private Optional<Duration> duration(Timeout timeout) {
    // Unsigned: what does not fit into a long is longer than any deadline.
    return ((Optional<?>) get(timeout))
        .map(value -> Duration.ofNanos((Long) value < 0 ? Long.MAX_VALUE : (Long) value));
  }
}

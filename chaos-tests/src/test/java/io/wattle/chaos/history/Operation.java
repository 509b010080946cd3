package io.wattle.chaos.history;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * One request of a load.
 *
 * @param key what it was about; operations of different keys have nothing to do with each other
 * @param invoked when it began, {@link System#nanoTime}
 * @param completed when its answer was there, or it was given up
 */
public record Operation(String key, long invoked, long completed, Answer answer) {
  public Operation {
    if (completed < invoked) {
      throw new IllegalArgumentException("completed " + completed + " before invoked " + invoked);
    }
  }

  /** Whether it was acknowledged. */
  public boolean succeeded() {
    return answer instanceof Answer.Acknowledged;
  }

  /** The count that a counter told ({@code key: 17}), nothing if it told none. */
  public OptionalLong count() {
    return switch (answer) {
      case Answer.Acknowledged(String body) when body.startsWith(key + ": ") ->
          OptionalLong.of(Long.parseLong(body.substring(key.length() + 2).strip()));
      case Answer.Acknowledged other -> OptionalLong.empty();
      case Answer.Refused refused -> OptionalLong.empty();
      case Answer.Nothing nothing -> OptionalLong.empty();
    };
  }

  /** How long it took. */
  public Duration took() {
    return Duration.ofNanos(completed - invoked);
  }
}

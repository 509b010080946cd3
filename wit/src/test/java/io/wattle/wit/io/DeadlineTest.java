package io.wattle.wit.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  /** Clocks begin anywhere, also close to the end of their numbers. */
  private static final Ticker LATE = () -> Long.MAX_VALUE - 10;

  @Test
  void whoWaitsForEverWaitsAHundredYears() {
    Deadline never = Deadline.in(ChronoUnit.FOREVER.getDuration(), LATE);
    assertThat(never.passed()).isFalse();
    assertThat(never.left()).isEqualTo(Duration.ofDays(365 * 100));
    assertThat(Deadline.in(Duration.ofSeconds(Long.MIN_VALUE), LATE).passed()).isTrue();
    assertThat(Deadline.in(Duration.ofNanos(-1), LATE).passed()).isTrue();
  }

  @Test
  void theEarlierOneCounts() {
    Deadline soon = Deadline.in(Duration.ofSeconds(5), LATE);
    assertThat(soon.atMost(ChronoUnit.FOREVER.getDuration())).isEqualTo(soon);
    assertThat(soon.atMost(Duration.ofSeconds(1)).left()).hasSeconds(1);
  }
}

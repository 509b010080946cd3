package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** No guest has Java collect all the time. */
class HostCollectorTest {
  private static final long TOOK = 100;
  private final AtomicLong now = new AtomicLong(-50);
  private final AtomicInteger collections = new AtomicInteger();
  private final HostCollector collector =
      new HostCollector(
          () -> {
            collections.incrementAndGet();
            now.addAndGet(TOOK);
          },
          now::get);

  @Test
  void oneIsForAllWhoAskedBeforeAndTheNextWaits() {
    long first = now.get();
    assertThat(collector.collected(first)).isTrue();
    assertThat(collector.collected(first)).isTrue();
    assertThat(collections).hasValue(1);
    long later = now.get();
    assertThat(collector.collected(later)).isFalse();
    now.addAndGet(9 * TOOK - 1);
    assertThat(collector.collected(later)).isFalse();
    now.addAndGet(1);
    assertThat(collector.collected(later)).isTrue();
    assertThat(collections).hasValue(2);
  }

  @Test
  void aStoppedGuestDoesNotWait() {
    assertThat(collector.collected(now.get())).isTrue();
    StopSignal signal = new StopSignal();
    signal.stop(Kind.DEADLINE, "the time is over");
    assertThatThrownBy(() -> collector.collect(signal))
        .isInstanceOf(TrapException.class)
        .hasMessageContaining("the time is over");
    assertThat(collections).hasValue(1);
  }
}

package io.wattle.runtime.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.TrapException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(200)
class WaitsTest {
  private static final long YEARS = TimeUnit.DAYS.toNanos(365 * 30);

  @Test
  void aTimerIsWaitedForAndNotLonger() throws Exception {
    Guest guest = new Guest(WasiOptions.builder().build());
    long start = System.nanoTime();
    sleep(guest, TimeUnit.MILLISECONDS.toNanos(20));
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(20), Duration.ofSeconds(90));
    sleep(guest, 0);
  }

  @Test
  void theDeadlineEndsAWait() {
    Guest guest = new Guest(WasiOptions.builder().build(), Duration.ofMillis(50));
    assertThatThrownBy(() -> sleep(guest, YEARS))
        .isInstanceOfSatisfying(
            TrapException.class,
            trap -> assertThat(trap.kind()).isEqualTo(TrapException.Kind.DEADLINE));
  }

  @Test
  void cancellingTheTaskEndsAWait() {
    Guest guest = new Guest(WasiOptions.builder().build());
    CompletableFuture<Void> waiting = sleeping(guest);
    guest.task().cancel("the caller hung up");
    assertThatThrownBy(() -> waiting.get(90, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(TrapException.class)
        .hasMessageContaining("the caller hung up");
  }

  @Test
  void anInterruptEndsAWait() throws Exception {
    Guest guest = new Guest(WasiOptions.builder().build());
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    sleep(guest, YEARS);
                  } catch (Throwable t) {
                    ended.complete(t);
                  }
                });
    Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    thread.interrupt();
    assertThat(ended.get(90, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void pollingNothingTraps() {
    Guest guest = new Guest(WasiOptions.builder().build());
    assertThatThrownBy(() -> guest.call("wasi:io/poll@0.2.0", "poll", List.of()))
        .isInstanceOf(TrapException.class);
  }

  private static CompletableFuture<Void> sleeping(Guest guest) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            sleep(guest, YEARS);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void sleep(Guest guest, long nanos) throws InterruptedException {
    Object pollable = guest.call("wasi:clocks/monotonic-clock@0.2.0", "subscribe-duration", nanos);
    var _ = guest.call("wasi:io/poll@0.2.0", "[method]pollable.block", pollable);
  }
}

package io.wattle.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.TrapException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class GuestThreadsTest {
  private final GuestThreads threads = new GuestThreads(1 << 20);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void stop() {
    release.countDown();
    threads.close();
  }

  @Test
  void aHundredThatWaitDoNotHoldUpTheNext() throws Exception {
    CountDownLatch waiting = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      threads.execute(
          () -> {
            waiting.countDown();
            await(release);
          });
    }
    assertThat(waiting.await(90, TimeUnit.SECONDS)).isTrue();
    runsSoon();
  }

  @Test
  void thoseThatComputeOnAndOnDoNotHoldUpTheNext() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    int loops = Runtime.getRuntime().availableProcessors() + 6;
    for (int i = 0; i < loops; i++) {
      threads.execute(
          () -> {
            while (!stop.get()) {
              Thread.onSpinWait();
            }
          });
    }
    try {
      runsSoon();
    } finally {
      stop.set(true);
    }
  }

  @Test
  void whoFindsThemAllTakenIsToldSo() throws Exception {
    int most = 2 * Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    try (GuestThreads few = new GuestThreads(1 << 20, most)) {
      CountDownLatch waiting = new CountDownLatch(most);
      for (int i = 0; i < most; i++) {
        few.execute(
            () -> {
              waiting.countDown();
              await(release);
            });
      }
      assertThat(waiting.await(90, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> few.execute(() -> {}))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(TrapException.Kind.BUSY))
          .hasMessageStartingWith("all " + most + " guest threads are taken");
      release.countDown();
    }
  }

  @Test
  void everythingRunsOnceUnderContention() throws Exception {
    int each = 20_000;
    AtomicInteger ran = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(3 * each);
    List<Thread> callers = new ArrayList<>();
    for (int c = 0; c < 3; c++) {
      callers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < each; i++) {
                      threads.execute(
                          () -> {
                            ran.incrementAndGet();
                            all.countDown();
                          });
                      if (i % 1000 == 0) {
                        LockSupport.parkNanos(1_000_000);
                      }
                    }
                  }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(all.await(90, TimeUnit.SECONDS)).isTrue();
    assertThat(ran).hasValue(3 * each);
  }

  @Test
  void anInterruptStaysWithItsGuest() throws Exception {
    for (int i = 0; i < 100; i++) {
      threads.execute(() -> Thread.currentThread().interrupt());
    }
    AtomicInteger interrupted = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      threads.execute(
          () -> {
            interrupted.addAndGet(Thread.interrupted() ? 1 : 0);
            all.countDown();
          });
    }
    assertThat(all.await(90, TimeUnit.SECONDS)).isTrue();
    assertThat(interrupted).hasValue(0);
  }

  @Test
  void knowsItsOwnThreads() throws Exception {
    AtomicBoolean inside = new AtomicBoolean();
    CountDownLatch done = new CountDownLatch(1);
    threads.execute(
        () -> {
          inside.set(threads.isCurrent());
          done.countDown();
        });
    done.await();
    assertThat(inside).isTrue();
    assertThat(threads.isCurrent()).isFalse();
  }

  @Test
  void takesNothingOnceClosed() {
    threads.close();
    assertThatThrownBy(() -> threads.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  private void runsSoon() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(1);
    threads.execute(ran::countDown);
    assertThat(ran.await(90, TimeUnit.SECONDS)).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.wattle.runtime.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class DeadlinesTest {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final Deadlines deadlines = new Deadlines();

  @AfterEach
  void close() {
    deadlines.close();
  }

  @Test
  void oneThatIsEarlierThanAllBeforeIsNotKeptWaiting() throws Exception {
    BlockingQueue<String> come = new LinkedBlockingQueue<>();
    var _ = deadlines.after(HOUR, () -> come.add("in an hour"));
    var _ = deadlines.after(TimeUnit.MILLISECONDS.toNanos(20), () -> come.add("soon"));
    var _ = deadlines.after(0, () -> come.add("now"));
    assertThat(List.of(next(come), next(come))).containsExactlyInAnyOrder("soon", "now");
    assertThat(come).isEmpty();
  }

  @Test
  void oneThatWasTakenBackNeverComes() throws Exception {
    AtomicInteger tooMuch = new AtomicInteger();
    Deadlines.Deadline first = deadlines.after(HOUR, tooMuch::incrementAndGet);
    first.cancel();
    first.cancel();
    // Looked at together with one that comes later than it would have.
    deadlines.after(TimeUnit.MILLISECONDS.toNanos(50), tooMuch::incrementAndGet).cancel();
    CountDownLatch later = new CountDownLatch(1);
    var _ = deadlines.after(TimeUnit.MILLISECONDS.toNanos(100), later::countDown);
    assertThat(later.await(90, TimeUnit.SECONDS)).isTrue();
    assertThat(tooMuch).hasValue(0);
  }

  @Test
  void eachComesOnceHoweverManyThereAre() throws Exception {
    int each = 2_000;
    AtomicInteger come = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(3 * each);
    List<Thread> callers = new ArrayList<>();
    for (int c = 0; c < 3; c++) {
      callers.add(Thread.ofPlatform().start(() -> setMany(each, come, all)));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(all.await(90, TimeUnit.SECONDS)).isTrue();
    assertThat(come).hasValue(3 * each);
  }

  private void setMany(int count, AtomicInteger come, CountDownLatch all) {
    for (int i = 0; i < count; i++) {
      var _ =
          deadlines.after(
              TimeUnit.MICROSECONDS.toNanos(i % 700),
              () -> {
                come.incrementAndGet();
                all.countDown();
              });
      deadlines.after(HOUR, come::incrementAndGet).cancel();
    }
  }

  @Test
  void whatFailsDoesNotEndTheOthers() throws Exception {
    BlockingQueue<String> come = new LinkedBlockingQueue<>();
    var _ =
        deadlines.after(
            0,
            () -> {
              come.add("fails");
              throw new IllegalStateException("made to fail");
            });
    assertThat(next(come)).isEqualTo("fails");
    var _ =
        deadlines.after(
            0,
            () -> {
              come.add("has no memory");
              throw new OutOfMemoryError("made to fail");
            });
    assertThat(next(come)).isEqualTo("has no memory");
    var _ = deadlines.after(0, () -> come.add("next"));
    assertThat(next(come)).isEqualTo("next");
  }

  private static String next(BlockingQueue<String> come) throws InterruptedException {
    String next = come.poll(90, TimeUnit.SECONDS);
    return next == null ? "nothing came" : next;
  }
}

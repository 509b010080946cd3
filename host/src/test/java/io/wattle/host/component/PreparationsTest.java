package io.wattle.host.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PreparationsTest {
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final Semaphore ends = new Semaphore(0);
  private final Preparations preparations =
      new Preparations(
          image -> {
            begun.add(image);
            ends.acquireUninterruptibly();
            if (image.equals("broken")) {
              throw new ComponentException("broken: no such file");
            }
          });

  @AfterEach
  void stop() {
    preparations.close();
    ends.release(100);
  }

  private static void soon(Runnable assertion) {
    await().atMost(Duration.ofSeconds(90)).untilAsserted(assertion::run);
  }

  @Test
  void oneAfterTheOtherAndEachOnce() {
    for (String image : List.of("a", "broken", "a", "b")) {
      preparations.add(image);
    }
    soon(() -> assertThat(begun).containsExactly("a"));
    ends.release(3);
    soon(() -> assertThat(preparations.done()).containsExactlyInAnyOrder("a", "broken", "b"));
    preparations.add("a");
    preparations.add("c");
    ends.release();
    soon(() -> assertThat(preparations.done()).contains("c"));
    assertThat(begun).containsExactly("a", "broken", "b", "c");
  }

  @Test
  void noneIsBegunWhileSomethingIsNeeded() {
    preparations.add("a");
    preparations.add("b");
    soon(() -> assertThat(begun).containsExactly("a"));
    preparations.hold();
    preparations.hold();
    ends.release(2);
    soon(() -> assertThat(preparations.done()).containsExactly("a"));
    preparations.release();
    assertThat(begun).as("one is still being brought up").containsExactly("a");
    preparations.release();
    soon(() -> assertThat(preparations.done()).containsExactlyInAnyOrder("a", "b"));
  }
}

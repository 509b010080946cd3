package io.wattle.runtime.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiberTest {
  private record Told(Thread by, Thread runs) {}

  /**
   * Before its thread can have another guest: a stop that came then would interrupt that one's call
   * of the host.
   */
  @Test
  void theThreadThatRanSaysItselfWhoRunsNext() {
    List<Told> told = new ArrayList<>();
    Fiber[] self = new Fiber[1];
    try (Stacks stacks = new Stacks()) {
      Fiber fiber =
          new Fiber(
              stacks,
              runs -> told.add(new Told(Thread.currentThread(), runs)),
              () -> self[0].stop());
      self[0] = fiber;
      fiber.resume();
      assertThat(fiber.ended()).isFalse();
      fiber.resume();
      assertThat(fiber.ended()).isTrue();
    }
    Thread caller = Thread.currentThread();
    Thread its = told.getFirst().by();
    assertThat(its).isNotEqualTo(caller);
    assertThat(told)
        .containsExactly(
            new Told(its, its), new Told(its, caller), new Told(its, its), new Told(its, caller));
  }
}

package io.wattle.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  @Test
  void keepsTheLastEighthForThoseWhoHoldLittle() {
    MemoryBudget budget = new MemoryBudget(6400);
    assertThat(budget.tryTake(5600, 0)).isTrue();
    assertThat(budget.tryTake(1, 5600)).as("one who holds much").isFalse();
    assertThat(budget.hasRoom(101, 0)).as("one who wants much").isFalse();
    assertThat(budget.tryTake(100, 0)).as("one who wants little").isTrue();
    assertThat(budget.tryTake(1, 100)).as("and has it now").isFalse();
    budget.giveBack(5600);
    assertThat(budget.tryTake(5500, 100)).isTrue();
    assertThat(budget.used()).isEqualTo(5600);
  }

  @Test
  void countsPartsApartWithinTheWhole() {
    MemoryBudget whole = new MemoryBudget(6400);
    MemoryBudget first = whole.part();
    MemoryBudget second = whole.part();
    assertThat(first.tryTake(5000, 0)).isTrue();
    assertThat(second.tryTake(1000, 0)).as("more than is left").isFalse();
    assertThat(second.tryTake(500, 0)).isTrue();
    assertThat(first.used()).isEqualTo(5000);
    assertThat(second.used()).isEqualTo(500);
    assertThat(whole.used()).isEqualTo(5500);
    first.giveBack(5000);
    assertThat(whole.used()).isEqualTo(500);
    assertThat(second.hasRoom(5000, 500)).isTrue();
  }

  @Test
  void refusesNobodyWhoFitsWhileOthersAskForTooMuch() throws Exception {
    MemoryBudget budget = new MemoryBudget(8_000_000);
    int rounds = 200_000;
    CountDownLatch start = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> refused = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        boolean greedy = i % 2 == 0;
        refused.add(
            threads.submit(
                () -> {
                  start.await();
                  int refusals = 0;
                  for (int round = 0; round < rounds; round++) {
                    long bytes = greedy ? 7_900_000 : 1000;
                    if (budget.tryTake(bytes, 0)) {
                      budget.giveBack(bytes);
                    } else {
                      refusals++;
                    }
                  }
                  return refusals;
                }));
      }
      start.countDown();
      assertThat(refused.get(0).get()).isEqualTo(rounds);
      assertThat(refused.get(1).get()).isZero();
      assertThat(refused.get(3).get()).isZero();
    }
    assertThat(budget.used()).isZero();
  }
}

package io.wattle.chaos;

import io.wattle.chaos.history.HistoryCheck;
import io.wattle.chaos.history.Operation;
import io.wattle.chaos.history.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The swaps of a component's link that were done, with their times. */
final class Swaps {
  private final List<Window> done = new ArrayList<>();

  /** Does one. */
  @FunctionalInterface
  interface Swap {
    void to(String store) throws Exception;
  }

  /** To the store that the last one did not lead to; the first one leads to {@code second}. */
  void next(Swap swap) throws Exception {
    String store = done.size() % 2 == 0 ? "second" : "first";
    long at = System.nanoTime();
    swap.to(store);
    done.add(Window.since(store, at));
  }

  int count() {
    return done.size();
  }

  /** Half of them took less. */
  Duration median() {
    return done.stream()
        .map(Window::length)
        .sorted()
        .skip(done.size() / 2)
        .findFirst()
        .orElse(Duration.ZERO);
  }

  /** How many began while a request was under way. */
  long underWay(List<Operation> operations) {
    return HistoryCheck.begunUnderLoad(operations, done);
  }
}

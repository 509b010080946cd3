package io.wattle.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That the checker finds what it is there to find. */
final class HistoryCheckTest {
  private static Operation counted(long invoked, long completed, long count) {
    return new Operation("a", invoked, completed, new Answer.Acknowledged("a: " + count + "\n"));
  }

  private static Operation failed(long invoked, long completed) {
    return new Operation("a", invoked, completed, new Answer.Refused(503, "busy"));
  }

  @Test
  void overlappingRequestsMayBeToldInAnyOrder() {
    List<Operation> history = List.of(counted(0, 10, 2), counted(1, 9, 1), counted(11, 12, 3));
    assertThat(HistoryCheck.countsGoingBack(history)).isEmpty();
    assertThat(HistoryCheck.countsToldTwice(history)).isEmpty();
    assertThat(HistoryCheck.wrongSums(history, Map.of("a", 3L))).isEmpty();
  }

  @Test
  void oneCountForTwoIsFound() {
    List<Operation> history = List.of(counted(0, 10, 1), counted(1, 9, 1));
    assertThat(HistoryCheck.countsToldTwice(history)).containsExactly("a: 1 was told twice");
  }

  @Test
  void staleCountIsFound() {
    List<Operation> history = List.of(counted(0, 1, 5), counted(2, 3, 4));
    assertThat(HistoryCheck.countsGoingBack(history)).containsExactly("a: 4 was told after 5");
  }

  @Test
  void keysAreApart() {
    Operation other = new Operation("b", 5, 6, new Answer.Acknowledged("b: 1\n"));
    List<Operation> history = List.of(counted(0, 1, 1), other);
    assertThat(HistoryCheck.countsToldTwice(history)).isEmpty();
    assertThat(HistoryCheck.countsGoingBack(history)).isEmpty();
  }

  @Test
  void lostIncrementIsFound() {
    List<Operation> history = List.of(counted(0, 1, 1), counted(2, 3, 2));
    assertThat(HistoryCheck.wrongSums(history, Map.of("a", 1L))).hasSize(1);
    assertThat(HistoryCheck.wrongSums(history, Map.of())).containsExactly("a: no sum was read");
  }

  @Test
  void failedRequestMayHaveCountedOnceAndNotTwice() {
    List<Operation> history = List.of(counted(0, 1, 1), failed(2, 3));
    assertThat(HistoryCheck.wrongSums(history, Map.of("a", 1L))).isEmpty();
    assertThat(HistoryCheck.wrongSums(history, Map.of("a", 2L))).isEmpty();
    assertThat(HistoryCheck.wrongSums(history, Map.of("a", 3L)))
        .containsExactly("a: the sum is 3 after 2 requests");
  }

  @Test
  void failureOutsideOfFaultsIsFound() {
    Window window = new Window("killed", 10, 20);
    assertThat(
            HistoryCheck.failuresOutside(List.of(failed(5, 11), failed(19, 30)), List.of(window)))
        .isEmpty();
    assertThat(HistoryCheck.failuresOutside(List.of(failed(5, 9), failed(21, 22)), List.of(window)))
        .hasSize(2);
  }

  @Test
  void windowsThatBeganWhileNobodyAskedAreNotCounted() {
    List<Operation> history = List.of(counted(5, 9, 2), counted(0, 3, 1), failed(8, 12));
    List<Window> windows =
        List.of(
            new Window("while the first ran", 2, 3),
            new Window("between", 4, 6),
            new Window("while the last ran", 11, 20),
            new Window("afterwards", 13, 14));
    assertThat(HistoryCheck.begunUnderLoad(history, windows)).isEqualTo(2);
    assertThat(HistoryCheck.begunUnderLoad(List.of(), windows)).isZero();
  }
}

package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.chaos.history.History;
import io.wattle.chaos.history.HistoryCheck;
import io.wattle.chaos.history.Operation;
import io.wattle.chaos.history.Stalls;
import io.wattle.chaos.history.Window;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that count without a pause, each on a key of its own and on one they share, and that
 * remember every value they were told. Requests that fail are no values.
 */
final class CounterLoad implements AutoCloseable {
  private static final AtomicInteger LOADS = new AtomicInteger();
  private static final Duration EACH = Duration.ofSeconds(20);

  private final String url;
  private final Load load;

  private CounterLoad(String url, Load load) {
    this.url = url;
    this.load = load;
  }

  /** Starts to count. */
  static CounterLoad start(String url, int clients) {
    return start(url, clients, EACH, Duration.ZERO);
  }

  /**
   * Starts to count.
   *
   * @param each how long a client waits for an answer
   * @param pause of a client between an answer and its next request
   */
  static CounterLoad start(String url, int clients, Duration each, Duration pause) {
    String load = "load" + LOADS.incrementAndGet(); // each begins at nothing
    List<List<String>> keys = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      keys.add(List.of(load + "-own" + i, load + "-shared"));
    }
    return new CounterLoad(url, Load.start(url, each, pause, keys));
  }

  /** What was asked and told so far. */
  History history() {
    return load.history();
  }

  /** How many values were told. */
  long acknowledged() {
    return history().acknowledged();
  }

  /** How many requests got no value. */
  long failed() {
    return history().failed();
  }

  /** Ends the load; the values may be looked at afterwards. */
  @Override
  public void close() {
    load.close();
  }

  /**
   * That no acknowledged increment is lost, each counts once, and no count goes back. Adds one to
   * every counter.
   */
  void assertNothingLost() throws IOException, InterruptedException {
    assertThat(load.isOver()).as("the load is over").isTrue();
    List<Operation> operations = history().operations();
    assertThat(HistoryCheck.countsToldTwice(operations)).isEmpty();
    assertThat(HistoryCheck.countsGoingBack(operations)).isEmpty();
    assertThat(HistoryCheck.wrongSums(operations, sums(operations))).isEmpty();
  }

  /** As above, and that requests failed only within these windows or for a machine's stall. */
  void assertNothingLostAndFailedOnlyIn(Window... windows)
      throws IOException, InterruptedException {
    assertNothingLost();
    List<Window> excused = new ArrayList<>(List.of(windows));
    excused.addAll(Stalls.windows());
    assertThat(HistoryCheck.failuresOutside(history().operations(), excused)).isEmpty();
  }

  /** The sum of each key, as one more increment tells it. */
  private Map<String, Long> sums(List<Operation> operations)
      throws IOException, InterruptedException {
    Map<String, Long> sums = new TreeMap<>();
    for (String key : operations.stream().map(Operation::key).distinct().toList()) {
      String body = Web.get(url + key).is(200).body().strip();
      sums.put(key, Long.parseLong(body.substring(body.indexOf(": ") + 2)) - 1);
    }
    return sums;
  }
}

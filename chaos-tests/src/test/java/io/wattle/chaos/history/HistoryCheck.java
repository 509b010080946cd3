package io.wattle.chaos.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * What must be true of a history. Each check returns the violations, in words; none is good. The
 * counters are those of {@code http-counter}: every request adds one and tells the sum.
 */
public final class HistoryCheck {
  private HistoryCheck() {}

  /** A count is told to one request only: two with the same count are one increment lost. */
  public static List<String> countsToldTwice(List<Operation> operations) {
    List<String> violations = new ArrayList<>();
    byKey(operations)
        .forEach(
            (key, counted) -> {
              Set<Long> told = new HashSet<>();
              for (Operation operation : counted) {
                long count = operation.count().orElseThrow();
                if (!told.add(count)) {
                  violations.add(key + ": " + count + " was told twice");
                }
              }
            });
    return violations;
  }

  /** A request that began after another had been answered is told more. */
  public static List<String> countsGoingBack(List<Operation> operations) {
    List<String> violations = new ArrayList<>();
    byKey(operations).forEach((key, counted) -> goingBack(key, counted, violations));
    return violations;
  }

  private static void goingBack(String key, List<Operation> counted, List<String> violations) {
    List<Operation> begun = new ArrayList<>(counted);
    begun.sort(Comparator.comparingLong(Operation::invoked));
    List<Operation> ended = new ArrayList<>(counted);
    ended.sort(Comparator.comparingLong(Operation::completed));
    long highest = Long.MIN_VALUE;
    int next = 0;
    for (Operation operation : begun) {
      while (ended.get(next).completed() < operation.invoked()) {
        highest = Math.max(highest, ended.get(next).count().orElseThrow());
        next++;
      }
      long count = operation.count().orElseThrow();
      if (count <= highest) {
        violations.add(key + ": " + count + " was told after " + highest);
      }
    }
  }

  /**
   * Every acknowledged increment is in the sum, and none is in it twice: at most those without an
   * acknowledgement are in it besides.
   *
   * @param sums of each key, read after the last operation ended
   */
  public static List<String> wrongSums(List<Operation> operations, Map<String, Long> sums) {
    List<String> violations = new ArrayList<>();
    Map<String, List<Operation>> all = operations.stream().collect(grouped());
    all.forEach(
        (key, ofKey) -> {
          long acknowledged = ofKey.stream().filter(Operation::succeeded).count();
          long highest = ofKey.stream().mapToLong(o -> o.count().orElse(0)).max().orElse(0);
          Long sum = sums.get(key);
          if (sum == null) {
            violations.add(key + ": no sum was read");
          } else if (sum < acknowledged || sum < highest) {
            violations.add(
                "%s: the sum is %d after %d acknowledged increments, the highest count was %d"
                    .formatted(key, sum, acknowledged, highest));
          } else if (sum > ofKey.size()) {
            violations.add("%s: the sum is %d after %d requests".formatted(key, sum, ofKey.size()));
          }
        });
    return violations;
  }

  /** Requests that failed although no fault was about. */
  public static List<String> failuresOutside(List<Operation> operations, List<Window> windows) {
    return operations.stream()
        .filter(operation -> !operation.succeeded())
        .filter(operation -> windows.stream().noneMatch(window -> window.touches(operation)))
        .map(
            operation ->
                "%s failed after %d ms, outside of every fault: %s"
                    .formatted(operation.key(), operation.took().toMillis(), operation.answer()))
        .toList();
  }

  /**
   * How many of the windows began while a request was under way: none means that nothing was tried.
   *
   * @param windows in the order in which they began
   */
  public static long begunUnderLoad(List<Operation> operations, List<Window> windows) {
    List<Operation> begun = new ArrayList<>(operations);
    begun.sort(Comparator.comparingLong(Operation::invoked));
    long count = 0;
    int next = 0;
    long busyUntil = Long.MIN_VALUE;
    for (Window window : windows) {
      while (next < begun.size() && begun.get(next).invoked() <= window.from()) {
        busyUntil = Math.max(busyUntil, begun.get(next).completed());
        next++;
      }
      count += busyUntil >= window.from() ? 1 : 0;
    }
    return count;
  }

  private static Map<String, List<Operation>> byKey(List<Operation> operations) {
    return operations.stream().filter(o -> o.count().isPresent()).collect(grouped());
  }

  private static Collector<Operation, ?, Map<String, List<Operation>>> grouped() {
    return Collectors.groupingBy(Operation::key, TreeMap::new, Collectors.toList());
  }
}

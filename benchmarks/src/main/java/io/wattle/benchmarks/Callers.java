package io.wattle.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Calls again and again from a number of threads for some time. */
final class Callers {
  private final int count;

  Callers(int count) {
    this.count = count;
  }

  /** One call, to its answer. */
  @FunctionalInterface
  interface Call {
    void run() throws Exception;
  }

  /**
   * What some time of calling gave.
   *
   * @param perSecond calls that were answered in a second, of all callers together
   * @param p50 nanoseconds
   * @param p99 nanoseconds
   * @param effort of each call
   */
  record Run(double perSecond, long p50, long p99, Effort effort) {}

  Run run(Call call, Duration time) throws InterruptedException {
    Effort before = Effort.soFar();
    long begin = System.nanoTime();
    long end = begin + time.toNanos();
    List<long[]> times = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<Future<long[]>> callers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        callers.add(threads.submit(() -> callUntil(call, end)));
      }
      for (Future<long[]> caller : callers) {
        times.add(caller.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a call failed", e.getCause());
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    long[] all = times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    return new Run(
        all.length / seconds,
        all[all.length / 2],
        all[all.length * 99 / 100],
        Effort.soFar().since(before, all.length));
  }

  private static long[] callUntil(Call call, long end) throws Exception {
    long[] times = new long[1 << 12];
    int n = 0;
    for (long now = System.nanoTime(); now < end; ) {
      call.run();
      long after = System.nanoTime();
      if (n == times.length) {
        times = Arrays.copyOf(times, 2 * n);
      }
      times[n++] = after - now;
      now = after;
    }
    return Arrays.copyOf(times, n);
  }

  static Run median(List<Run> runs) {
    return runs.stream()
        .sorted(Comparator.comparingDouble(Run::perSecond))
        .toList()
        .get(runs.size() / 2);
  }

  /** The median of the ratios of rates, each of one round. */
  static double medianRatio(List<Run> runs, List<Run> others) {
    return IntStream.range(0, runs.size())
        .mapToDouble(i -> runs.get(i).perSecond() / others.get(i).perSecond())
        .sorted()
        .toArray()[runs.size() / 2];
  }
}

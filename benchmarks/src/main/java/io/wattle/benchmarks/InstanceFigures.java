package io.wattle.benchmarks;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.ComponentInstances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a fresh instance of a component costs: from its snapshot, and by resetting a used one. */
final class InstanceFigures {
  private static final Duration WARM_UP = Duration.ofSeconds(6);
  private static final int MEASURED = 20_000;

  private InstanceFigures() {}

  static List<Figure> measure(Path root) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    figures.add(figure(root, "http-hello-world", 0, "new instance", "p50 <= 3 us"));
    figures.add(figure(root, "http-hello-world", 16, "reset instance", "p50 <= 1 us"));
    figures.add(figure(root, "http-std", 0, "new instance", ""));
    figures.add(figure(root, "http-std", 16, "reset instance", ""));
    figures.add(figure(root, "everyday-quickjs", 0, "new instance", "p50 <= 25 us"));
    figures.add(figure(root, "everyday-quickjs", 16, "reset instance", ""));
    return figures;
  }

  private static Figure figure(Path root, String guest, int idle, String what, String target)
      throws IOException, InterruptedException {
    long[] times = new long[MEASURED];
    try (Guests guests = new Guests(root)) {
      byte[] wasm = Files.readAllBytes(root.resolve("components/dist/" + guest + ".wasm"));
      ComponentInstances instances = guests.instances(wasm, idle, LanguageFigures.store());
      guests.onGuestThread(
          () -> {
            warmUp(instances);
            take(instances, times);
          });
    } catch (InvalidComponentException | LinkException e) {
      throw new IOException(guest, e);
    }
    Arrays.sort(times);
    return new Figure(
        what + " of " + guest,
        "p50 "
            + Figure.time(times[MEASURED / 2])
            + ", p99 "
            + Figure.time(times[MEASURED * 99 / 100]),
        target,
        "begin and close, one thread, " + MEASURED + " times");
  }

  /** For as long as the JVM's compilers take to be through with it. */
  private static void warmUp(ComponentInstances instances) {
    long end = System.nanoTime() + WARM_UP.toNanos();
    while (System.nanoTime() < end) {
      take(instances, new long[1_000]);
    }
  }

  private static void take(ComponentInstances instances, long[] times) {
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      try (ComponentInstance instance = instances.begin(Guests.task())) {
        times[i] = System.nanoTime() - start;
        assert instance.task() != null;
      }
    }
  }
}

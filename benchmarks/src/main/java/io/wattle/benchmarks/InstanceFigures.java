package io.wattle.benchmarks;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.ComponentInstances;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a fresh instance of a component costs: from its snapshot, and by resetting a used one. */
final class InstanceFigures {
  private static final int WARM_UP = 100_000;
  private static final int MEASURED = 20_000;

  private InstanceFigures() {}

  static List<Figure> measure(Path root) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    for (String guest : List.of("http-hello-world", "http-std")) {
      figures.add(figure(root, guest, 0, "new instance", "p50 <= 10 us, p99 <= 200 us"));
      figures.add(figure(root, guest, 16, "reset instance", ""));
    }
    return figures;
  }

  private static Figure figure(Path root, String guest, int idle, String what, String target)
      throws IOException, InterruptedException {
    long[] times = new long[MEASURED];
    try (Guests guests = new Guests(root)) {
      ComponentInstances instances = guests.instances(guest, idle, Guests.nobody());
      guests.onGuestThread(
          () -> {
            take(instances, new long[WARM_UP]);
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
        guest.equals("http-hello-world") ? target : "",
        "begin and close, one thread, " + MEASURED + " times");
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

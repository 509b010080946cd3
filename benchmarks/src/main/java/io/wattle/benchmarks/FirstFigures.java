package io.wattle.benchmarks;

import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From a component's bytes to its first answer in full: in a process that has run others before,
 * and in a new one; never seen before, and compiled by an earlier process.
 */
final class FirstFigures {
  static final String GUEST = "everyday-rust";
  private static final int WARM_UP = 60;
  private static final int ROUNDS = 41;
  private static final int PROCESSES = 7;

  private FirstFigures() {}

  static List<Figure> measure(Path root) throws IOException, InterruptedException {
    byte[] guest = Files.readAllBytes(root.resolve("components/dist/" + GUEST + ".wasm"));
    Path cache = Files.createTempDirectory("wattle-first");
    try {
      List<Figure> figures = new ArrayList<>();
      String size = Figure.number(guest.length / 1e3) + " kB, HTTP and a store in this process";
      long[] unseen;
      try (Guests guests = guests(root, cache)) {
        var _ = answers(guests, guest, 0, WARM_UP);
        unseen = answers(guests, guest, WARM_UP, ROUNDS);
      }
      figures.add(figure("first answer in a warm host, unseen", unseen, "<= 40 ms", size));
      try (Guests guests = guests(root, cache)) {
        var _ = answers(guests, guest, 0, WARM_UP);
        figures.add(
            figure(
                "first answer in a warm host, from disk",
                answers(guests, guest, WARM_UP, ROUNDS),
                "<= 10 ms",
                size));
      }
      figures.add(processes(root, "unseen", "<= 500 ms", "a folder without compiled modules"));
      figures.add(processes(root, "from disk", "<= 150 ms", "compiled by an earlier process"));
      return figures;
    } finally {
      Children.delete(cache);
    }
  }

  static Guests guests(Path root, Path cache) {
    return new Guests(
        root, EngineOptions.defaults().withExecution(Execution.TIERED).withCache(cache, 4L << 30));
  }

  /** Nanoseconds of each; nothing else is being compiled when one begins. */
  private static long[] answers(Guests guests, byte[] guest, int from, int count)
      throws IOException, InterruptedException {
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      byte[] variant = Variants.of(guest, from + i);
      long start = System.nanoTime();
      GuestComponent answering = answering(guests, variant);
      times[i] = System.nanoTime() - start;
      var _ = answering.component().compile();
    }
    return times;
  }

  /** Loads, links and asks once. */
  static GuestComponent answering(Guests guests, byte[] wasm)
      throws IOException, InterruptedException {
    try {
      GuestComponent guest = guests.component(guests.instances(wasm, 16, LanguageFigures.store()));
      LanguageFigures.answer(guest);
      return guest;
    } catch (InvalidComponentException | LinkException e) {
      throw new IOException(e);
    }
  }

  private static Figure processes(Path root, String what, String target, String note)
      throws IOException, InterruptedException {
    boolean unseen = what.equals("unseen");
    Path kept = Files.createTempDirectory("wattle-first");
    try {
      if (!unseen) {
        var _ = answerOf(root, kept);
      }
      long[] times = new long[PROCESSES];
      for (int i = 0; i < PROCESSES; i++) {
        Path folder = unseen ? Files.createTempDirectory(kept, "new") : kept;
        times[i] = answerOf(root, folder);
      }
      return figure(
          "first answer in a new process, " + what,
          times,
          target,
          "from main on, with the launcher's AOT cache; " + note);
    } finally {
      Children.delete(kept);
    }
  }

  private static long answerOf(Path root, Path cache) throws IOException, InterruptedException {
    return Long.parseLong(
        Children.fromCache(root, FirstAnswer.class, root.toString(), cache.toString()).getLast());
  }

  private static Figure figure(String name, long[] times, String target, String note) {
    Arrays.sort(times);
    return new Figure(
        name,
        "p50 %s, worst %s"
            .formatted(Figure.time(times[times.length / 2]), Figure.time(times[times.length - 1])),
        target,
        note + ", " + times.length + " times");
  }
}

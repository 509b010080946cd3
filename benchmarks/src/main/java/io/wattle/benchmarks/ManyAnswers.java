package io.wattle.benchmarks;

import io.wattle.runtime.GuestComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that loads many variants of a guest, lets each answer once, waits until all are
 * compiled, and prints how much memory it takes then.
 */
public final class ManyAnswers {
  private static final int EACH = 1_000;

  private ManyAnswers() {}

  /** The repository, the folder of compiled modules, the guest, how many. */
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    byte[] wasm = Files.readAllBytes(root.resolve("components/dist/" + args[2] + ".wasm"));
    int count = Integer.parseInt(args[3]);
    try (Guests guests = FirstFigures.guests(root, Path.of(args[1]))) {
      List<GuestComponent> all = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        all.add(FirstFigures.answering(guests, Variants.of(wasm, i)));
        if ((i + 1) % EACH == 0) {
          System.err.printf("    %,d after %s%n", i + 1, Figure.time(System.nanoTime() - start));
        }
      }
      long answered = System.nanoTime() - start;
      for (GuestComponent each : all) {
        var _ = each.component().compile();
      }
      long compiled = System.nanoTime() - start;
      System.gc();
      Children.say(Long.toString(status("VmRSS") * 1024));
      Children.say(
          "at most %s MB before; all answered after %s, compiled after %s; heap %s MB, metaspace %s MB, compiled code %s MB"
              .formatted(
                  Figure.number(status("VmHWM") * 1024 / 1e6),
                  Figure.time(answered),
                  Figure.time(compiled),
                  Figure.number(Held.heap() / 1e6),
                  Figure.number(Held.metaspace() / 1e6),
                  Figure.number(Held.compiledCode() / 1e6)));
    }
  }

  /** A line of this process's status, in KiB. */
  static long status(String key) throws java.io.IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(key + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }
}

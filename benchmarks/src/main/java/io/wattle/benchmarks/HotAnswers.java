package io.wattle.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that loads many variants of a guest and lets them answer until they are compiled, then
 * until each is hot and has its second code, and says what the JVM holds before and after.
 */
public final class HotAnswers {
  /** More than make a component hot. */
  private static final int CALLS = 150;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private HotAnswers() {}

  /** The repository, the folder of compiled modules, the guest, how many. */
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    byte[] wasm = Files.readAllBytes(root.resolve("components/dist/" + args[2] + ".wasm"));
    int count = Integer.parseInt(args[3]);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    EngineOptions options =
        EngineOptions.defaults()
            .withExecution(Execution.TIERED)
            .withMeters(meters)
            .withCache(Path.of(args[1]), 4L << 30);
    try (Guests guests = new Guests(root, options)) {
      // Whatever is loaded once for all of them.
      heat(guests, Variants.of(wasm, count), meters);
      List<GuestComponent> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        GuestComponent guest = FirstFigures.answering(guests, Variants.of(wasm, i));
        var _ = guest.component().compile();
        LanguageFigures.answer(guest);
        all.add(guest);
      }
      System.gc();
      long metaspace = Held.metaspace();
      long heap = Held.heap();
      double second = second(meters);
      for (GuestComponent guest : all) {
        heat(guest, meters);
      }
      System.gc();
      Children.say(Long.toString((Held.metaspace() - metaspace) / count));
      Children.say(
          "metaspace %s MB before, %s MB after; heap %s and %s MB; %.0f of their modules got second code"
              .formatted(
                  Figure.number(metaspace / 1e6),
                  Figure.number(Held.metaspace() / 1e6),
                  Figure.number(heap / 1e6),
                  Figure.number(Held.heap() / 1e6),
                  second(meters) - second));
    }
  }

  private static double second(SimpleMeterRegistry meters) {
    return meters.get("wattle.engine.modules.second").gauge().value();
  }

  private static void heat(Guests guests, byte[] wasm, SimpleMeterRegistry meters)
      throws IOException, InterruptedException {
    GuestComponent guest = FirstFigures.answering(guests, wasm);
    var _ = guest.component().compile();
    heat(guest, meters);
  }

  /** Asks until a module of it has second code, and a little longer for its others. */
  private static void heat(GuestComponent guest, SimpleMeterRegistry meters)
      throws IOException, InterruptedException {
    double before = second(meters);
    long until = System.nanoTime() + PATIENCE.toNanos();
    for (int i = 0; i < CALLS || (second(meters) == before && System.nanoTime() < until); i++) {
      LanguageFigures.answer(guest);
    }
    for (int i = 0; i < CALLS; i++) {
      LanguageFigures.answer(guest);
    }
  }
}

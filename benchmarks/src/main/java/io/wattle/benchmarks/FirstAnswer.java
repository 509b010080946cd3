package io.wattle.benchmarks;

import io.wattle.cli.log.Logging;
import io.wattle.runtime.GuestComponent;
import java.nio.file.Files;
import java.nio.file.Path;

/** A new process that loads a guest, answers once and prints how long that took. */
public final class FirstAnswer {
  private FirstAnswer() {}

  /** The repository, and the folder of compiled modules. */
  public static void main(String[] args) throws Exception {
    long start = System.nanoTime();
    Logging.verbosity(0); // as every command does
    Path root = Path.of(args[0]);
    try (Guests guests = FirstFigures.guests(root, Path.of(args[1]))) {
      byte[] wasm =
          Files.readAllBytes(root.resolve("components/dist/" + FirstFigures.GUEST + ".wasm"));
      GuestComponent guest = FirstFigures.answering(guests, wasm);
      long taken = System.nanoTime() - start;
      var _ = guest.component().compile();
      Children.say(Long.toString(taken));
    }
  }
}

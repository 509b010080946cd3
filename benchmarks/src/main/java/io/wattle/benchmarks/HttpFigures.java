package io.wattle.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * HTTP hello through a component beside the same Vert.x server without Wasm, turn by turn in one
 * run.
 */
final class HttpFigures {
  private static final int CONNECTIONS = 64;
  private static final int ROUNDS = 3;
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration MEASURED = Duration.ofSeconds(8);

  private HttpFigures() {}

  static List<Figure> measure(Path root) throws IOException, InterruptedException {
    if (!Load.available()) {
      return List.of(new Figure("HTTP hello", "not measured", ">= 0.25", "wrk is not on PATH"));
    }
    try (Wattle wattle = Wattle.prepare(root)) {
      wattle.up(CONNECTIONS);
      String hello = wattle.get();
      if (!hello.startsWith("Hello")) {
        throw new IOException("the component answered: " + hello);
      }
      Process bare = bareServer();
      try {
        return compare(wattle.url(), firstLine(bare));
      } finally {
        bare.destroy();
        bare.waitFor(10, TimeUnit.SECONDS);
      }
    }
  }

  private static List<Figure> compare(URI component, URI bare)
      throws IOException, InterruptedException {
    Load.run(component, CONNECTIONS, WARM_UP);
    Load.run(bare, CONNECTIONS, WARM_UP);
    List<Load.Rate> through = new ArrayList<>();
    List<Load.Rate> without = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      through.add(Load.run(component, CONNECTIONS, MEASURED));
      without.add(Load.run(bare, CONNECTIONS, MEASURED));
    }
    Load.Rate mine = Load.median(through);
    Load.Rate peer = Load.median(without);
    String how =
        "wrk -c" + CONNECTIONS + ", median of " + ROUNDS + " x " + MEASURED.toSeconds() + " s";
    return List.of(
        new Figure(
            "HTTP hello through a component / bare Vert.x",
            Figure.number(mine.perSecond() / peer.perSecond()),
            ">= 0.25",
            how),
        new Figure(
            "  through a component",
            Figure.number(mine.perSecond()) + "/s",
            "",
            "p99 " + Figure.time(mine.p99Nanos()) + ", " + mine.failed() + " failed"),
        new Figure(
            "  bare Vert.x",
            Figure.number(peer.perSecond()) + "/s",
            "",
            "p99 " + Figure.time(peer.p99Nanos())));
  }

  static Process bareServer() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            BareServer.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static URI firstLine(Process bare) throws IOException {
    BufferedReader out = bare.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the bare server did not start");
    }
    return URI.create(line);
  }
}

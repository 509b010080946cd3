package io.wattle.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process takes that runs very many distinct small components, each once so far. */
final class ManyFigures {
  private ManyFigures() {}

  static List<Figure> measure(Path root) throws IOException, InterruptedException {
    return List.of(
        figure(root, "http-hello-world", 1_000, "-Xmx256m", "<= 700 MB"),
        figure(root, FirstFigures.GUEST, 1_000, "-Xmx208m", "<= 700 MB"),
        figure(root, "http-hello-world", 10_000, "-Xmx3g", "<= 8 GiB"),
        second(root, 1),
        second(root, 100),
        waiting(root));
  }

  private static Figure waiting(Path root) throws IOException, InterruptedException {
    System.err.println("  guests that wait ...");
    List<String> said =
        Children.run(List.of("-Xmx1g"), WaitingGuests.class, root.toString(), FirstFigures.GUEST);
    return new Figure(
        "a waiting " + FirstFigures.GUEST,
        Figure.number(Long.parseLong(said.getFirst()) / 1e3) + " kB",
        "",
        said.getLast());
  }

  private static Figure second(Path root, int count) throws IOException, InterruptedException {
    Path cache = Files.createTempDirectory("wattle-hot");
    try {
      System.err.println("  " + count + " hot ...");
      List<String> said =
          Children.run(
              List.of("-Xmx1g"),
              HotAnswers.class,
              root.toString(),
              cache.toString(),
              FirstFigures.GUEST,
              Integer.toString(count));
      return new Figure(
          "metaspace of second code, %,d hot %s".formatted(count, FirstFigures.GUEST),
          Figure.number(Long.parseLong(said.getFirst()) / 1e3) + " kB each",
          "",
          said.getLast());
    } finally {
      Children.delete(cache);
    }
  }

  private static Figure figure(Path root, String guest, int count, String heap, String target)
      throws IOException, InterruptedException {
    Path cache = Files.createTempDirectory("wattle-many");
    try {
      System.err.println("  " + count + " times " + guest + " ...");
      List<String> said =
          Children.run(
              List.of(heap),
              ManyAnswers.class,
              root.toString(),
              cache.toString(),
              guest,
              Integer.toString(count));
      long rss = Long.parseLong(said.getFirst());
      return new Figure(
          "RSS with %,d distinct %s".formatted(count, guest),
          Figure.number(rss / 1e6) + " MB",
          target,
          said.getLast() + ", " + heap);
    } finally {
      Children.delete(cache);
    }
  }
}

package io.wattle.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a person waits for: `up` to the first answer, `get hosts`; and what it takes while idle. */
final class UpFigures {
  private static final int COMMANDS = 9;

  private UpFigures() {}

  static List<Figure> measure(Path root) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    try (Wattle wattle = Wattle.prepare(root)) {
      wattle.up(4);
      wattle.get();
      wattle.command("down");
      long start = System.nanoTime();
      wattle.up(4);
      wattle.get();
      figures.add(
          new Figure(
              "`up -d` to the first answer, warm caches",
              Figure.time(System.nanoTime() - start),
              "",
              "the second start of one data directory"));
      List<Long> times = new ArrayList<>();
      for (int i = 0; i < COMMANDS; i++) {
        times.add(wattle.command("get", "hosts"));
      }
      Collections.sort(times);
      figures.add(
          new Figure(
              "`get hosts`",
              Figure.time(times.get(COMMANDS / 2)),
              "",
              "whole process, median of " + COMMANDS));
      figures.add(
          new Figure(
              "RSS of `up`, idle with one application",
              String.join(", ", wattle.residentMemory()),
              "",
              "all its processes"));
    }
    return figures;
  }
}

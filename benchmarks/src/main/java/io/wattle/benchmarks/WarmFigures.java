package io.wattle.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** {@link WarmInstance} by JMH, in two processes of its own. */
final class WarmFigures {
  private static final int BYTES = 1 << 20;

  private WarmFigures() {}

  static List<Figure> measure(Path root) throws IOException {
    Options options =
        new OptionsBuilder()
            .include(WarmInstance.class.getName())
            .forks(2)
            .warmupIterations(5)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(5)
            .measurementTime(TimeValue.seconds(1))
            .jvmArgsAppend("-Dwattle.root=" + root)
            .output(root.resolve("benchmarks/target/jmh.log").toString())
            .build();
    List<Figure> figures = new ArrayList<>();
    try {
      for (RunResult result : new Runner(options).run()) {
        figures.add(
            figure(
                result.getPrimaryResult().getLabel(),
                result.getPrimaryResult().getScore(),
                result.getPrimaryResult().getScoreError()));
      }
    } catch (RunnerException e) {
      throw new IOException(e);
    }
    return figures;
  }

  private static Figure figure(String name, double nanos, double error) {
    String how =
        "JMH, 2 forks x 5 s, +/- " + Figure.time(Math.round(error)) + "; one warm instance";
    String time = Figure.time(Math.round(nanos));
    return switch (name) {
      case "empty" -> new Figure("call with a number and back", time, "<= 1 us", how);
      case "string" -> new Figure("echo of a string of 1 KiB", time, "<= 3 us", how);
      default ->
          new Figure(
              "echo of a list of 1 MiB",
              time + ", " + Figure.number(BYTES / nanos) + " GB/s each way",
              ">= 1 GB/s",
              how);
    };
  }
}

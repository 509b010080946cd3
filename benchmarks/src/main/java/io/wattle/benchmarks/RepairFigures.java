package io.wattle.benchmarks;

import io.wattle.cli.base.ConnectionFile;
import io.wattle.cli.base.DataDir;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.LongPredicate;

/** How long a lattice of three hosts is weaker than it should be when it loses one. */
final class RepairFigures {
  private static final int ROUNDS = 3;
  private static final long INSTANCES = 30;
  private static final Duration ANSWER = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Wattle wattle;
  private final ControlClient control;
  private final List<String> hosts;

  /** How many hosts answered the last time. */
  private int answered;

  private RepairFigures(Wattle wattle, ControlClient control, List<String> hosts) {
    this.wattle = wattle;
    this.control = control;
    this.hosts = hosts;
  }

  static List<Figure> measure(Path root) throws IOException, InterruptedException {
    try (Wattle wattle = Wattle.prepare(root)) {
      wattle.up((int) INSTANCES, "--hosts", "3");
      ConnectionFile file =
          Objects.requireNonNull(
              ConnectionFile.read(new DataDir(wattle.home())), "connection file");
      LatticeOptions options =
          LatticeOptions.of(file.natsUrl(), file.lattice())
              .with(
                  new Credentials.UserPassword(
                      Objects.requireNonNull(file.user()),
                      Objects.requireNonNull(file.password())));
      try (LatticeConnection connection = LatticeConnection.connect(options)) {
        return new RepairFigures(wattle, new ControlClient(connection), file.hosts()).all();
      }
    }
  }

  private List<Figure> all() throws IOException, InterruptedException {
    List<Long> killed = new ArrayList<>();
    List<Long> stopped = new ArrayList<>();
    List<Long> back = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      awaitHosts();
      long process = busyChild();
      long start = System.nanoTime();
      signal(process, "KILL");
      killed.add(repaired(start));
      awaitHosts();
      process = busyChild();
      start = System.nanoTime();
      signal(process, "STOP");
      try {
        stopped.add(repaired(start));
      } finally {
        start = System.nanoTime();
        signal(process, "CONT");
      }
      await(sum -> sum > INSTANCES || answered == hosts.size());
      await(sum -> sum == INSTANCES);
      back.add(System.nanoTime() - start);
    }
    return List.of(
        figure("full strength after `kill -9` of a host", killed, "<= 3 s"),
        figure("full strength after SIGSTOP of a host", stopped, "<= 10 s"),
        figure("no doubles after SIGCONT of that host", back, ""));
  }

  private static Figure figure(String name, List<Long> times, String target) {
    Collections.sort(times);
    return new Figure(
        name,
        "%s to %s".formatted(Figure.time(times.getFirst()), Figure.time(times.getLast())),
        target,
        "3 hosts, 30 instances, " + times.size() + " times; seen by asking all hosts in turn");
  }

  private void awaitHosts() throws InterruptedException {
    await(sum -> sum == INSTANCES && answered == hosts.size());
  }

  private long repaired(long start) throws InterruptedException {
    await(sum -> sum < INSTANCES);
    await(sum -> sum >= INSTANCES);
    return System.nanoTime() - start;
  }

  /** A process of a host that runs instances; the first host is the supervisor itself. */
  private long busyChild() throws IOException, InterruptedException {
    // What is lost does not move back: another number of instances spreads it over all.
    wattle.deploy((int) INSTANCES * 2);
    await(sum -> sum == INSTANCES * 2);
    wattle.deploy((int) INSTANCES);
    await(sum -> sum == INSTANCES);
    return wattle.hostProcesses().getFirst();
  }

  private void await(LongPredicate condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.test(instances())) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within " + PATIENCE + "; now " + instances());
      }
    }
  }

  private long instances() throws InterruptedException {
    long sum = 0;
    int answers = 0;
    for (String host : hosts) {
      try {
        sum +=
            control.inventory(host, ANSWER).components().stream()
                .mapToLong(ComponentDescription::maxInstances)
                .sum();
        answers++;
      } catch (LatticeException e) {
        Thread.sleep(5);
      }
    }
    answered = answers;
    return sum;
  }

  private static void signal(long process, String name) throws IOException, InterruptedException {
    int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process)).start().waitFor();
    if (exit != 0) {
      throw new IOException("kill -" + name + " " + process + ": exit code " + exit);
    }
  }
}

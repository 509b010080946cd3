package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the real {@code wattle} in processes of its own, with one data directory. Closing it ends
 * what is left, and fails when something stayed behind that should have gone.
 */
final class Wattle implements AutoCloseable {
  private static final Duration COMMAND = Duration.ofMinutes(3);
  private static final String MAIN = "io.wattle.cli.Main";

  /** As the launcher gives them. */
  private static final List<String> COMMON =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dstdout.encoding=UTF-8",
          "-Dstderr.encoding=UTF-8");

  private static final List<String> LONG_RUNNING =
      List.of(
          "-XX:-DontCompileHugeMethods",
          "-XX:-ClipInlining",
          "-XX:MaxTrivialSize=40",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+ExitOnOutOfMemoryError",
          // C2 takes as much time as all the rest of a start, and comes too late for a few seconds.
          Figures.LONG ? "-XX:TieredStopAtLevel=4" : "-XX:TieredStopAtLevel=1");

  private static final Set<String> LONG_COMMANDS = Set.of("up", "host", "control-plane");

  private static final List<String> SHORT =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

  private final MarkedProcesses processes = new MarkedProcesses();
  private final AtomicInteger commands = new AtomicInteger();
  private final Path folder;
  private final String heap;
  private final @Nullable Machine machine;

  private Wattle(Path folder, String heap, @Nullable Machine machine) {
    this.folder = folder;
    this.heap = heap;
    this.machine = machine;
  }

  /**
   * A fresh data directory.
   *
   * @param heap of what runs guests, such as {@code 512m}
   */
  static Wattle withHeap(String heap) throws IOException {
    return new Wattle(Files.createTempDirectory("wattle-chaos-"), heap, null);
  }

  /** A fresh data directory, on a machine of its own. */
  static Wattle on(Machine machine, String heap) throws IOException {
    return new Wattle(Files.createTempDirectory("wattle-chaos-"), heap, machine);
  }

  /** Where tests may leave files. */
  Path folder() {
    return folder;
  }

  /** What was started and still runs. */
  MarkedProcesses processes() {
    return processes;
  }

  /** Runs a command to its end. */
  Outcome run(String... arguments) throws IOException, InterruptedException {
    return start(arguments).await();
  }

  /** {@code up --detach} on free ports with JSON for an answer, which must succeed. */
  Up up(String... more) throws IOException, InterruptedException {
    int admin = Ports.free();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "up",
                "-d",
                "-o",
                "json",
                "--nats-port",
                "0",
                "--http-admin",
                Integer.toString(admin)));
    arguments.addAll(Arrays.asList(more));
    Outcome outcome = run(arguments.toArray(String[]::new)).exits(0);
    return new Up(outcome.json(), admin);
  }

  /** Starts a command. */
  Running start(String... arguments) throws IOException {
    int number = commands.incrementAndGet();
    File out = folder.resolve("out-" + number).toFile();
    File err = folder.resolve("err-" + number).toFile();
    ProcessBuilder builder =
        builder(arguments)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out)
            .redirectError(err);
    return new Running(
        builder.start(), Arrays.asList(arguments), out.toPath(), err.toPath(), System.nanoTime());
  }

  /** A command that can be started, with the mark and the data directory in its environment. */
  ProcessBuilder builder(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(COMMON);
    if (LONG_COMMANDS.contains(arguments[0])) {
      command.addAll(LONG_RUNNING);
      command.add("-Xmx" + heap);
    } else {
      command.addAll(SHORT);
    }
    command.addAll(List.of("-cp", CLASS_PATH, MAIN));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(machine == null ? command : machine.command(command))
            .directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(WASMCLOUD|WASH|WATTLE)_.*"));
    builder.environment().put("WATTLE_HOME", home().toString());
    builder
        .environment()
        .put("WASMCLOUD_CTL_TIMEOUT_MS", "10000"); // the machine has others to serve
    builder.environment().put(MarkedProcesses.VARIABLE, processes.mark());
    return builder;
  }

  /** The data directory. */
  Path home() {
    return folder.resolve("home");
  }

  /** A command under way. */
  record Running(Process process, List<String> arguments, Path out, Path err, long startedNanos) {
    /** Waits for its end, which must come in time. */
    Outcome await() throws IOException, InterruptedException {
      boolean ended = process.waitFor(COMMAND.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      Outcome outcome =
          new Outcome(
              arguments,
              process.exitValue(),
              Files.readString(out),
              Files.readString(err),
              Duration.ofNanos(System.nanoTime() - startedNanos));
      assertThat(ended).as("ended within " + COMMAND + ": " + outcome).isTrue();
      return outcome;
    }
  }

  /** Stops in good order what runs, and checks that nothing stays behind. */
  @Override
  public void close() throws IOException {
    try {
      if (!processes.alive().isEmpty()) {
        run("down", "--timeout", "120").exits(0);
      }
      processes.assertGone();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      processes.killAll();
      delete(folder);
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> walk = Files.walk(tree)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static final Pattern TESTING =
      Pattern.compile(
          "(test-classes|lattice-.*-tests|junit|assertj|awaitility|hamcrest|byte-buddy"
              + "|testcontainers|docker-java|jna-).*");

  /** The product's classes and libraries, without the tests'. */
  static final String CLASS_PATH = classPath();

  private static String classPath() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.of(all.split(File.pathSeparator))
        .filter(entry -> !TESTING.matcher(Path.of(entry).getFileName().toString()).matches())
        .reduce((a, b) -> a + File.pathSeparator + b)
        .orElseThrow();
  }
}

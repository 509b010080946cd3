package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The processes whose environment holds one mark: all that a test started, however far they have
 * gone from it. Needs Linux's {@code /proc}.
 */
final class MarkedProcesses {
  /** The variable that carries the mark. */
  static final String VARIABLE = "WATTLE_CHAOS_MARK";

  private static final Path PROC = Path.of("/proc");
  private static final Duration GONE_WITHIN = Duration.ofSeconds(90);

  private final String mark = UUID.randomUUID().toString();

  /** The value of {@link #VARIABLE}. */
  String mark() {
    return mark;
  }

  /** Those that run now. */
  List<ProcessHandle> alive() {
    try (Stream<Path> entries = Files.list(PROC)) {
      return entries
          .filter(entry -> isNumber(entry.getFileName().toString()))
          .filter(this::isMarked)
          .map(entry -> ProcessHandle.of(Long.parseLong(entry.getFileName().toString())))
          .flatMap(Optional::stream)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one that runs {@code nats-server}, which is called by its version when it was fetched. */
  ProcessHandle natsServer() {
    List<ProcessHandle> found =
        alive().stream()
            .filter(process -> commandOf(process).matches(".*/nats-server[^/]*"))
            .toList();
    assertThat(found).as("nats-server processes").hasSize(1);
    return found.getFirst();
  }

  /** Those whose command line ends so. */
  List<ProcessHandle> running(String... arguments) {
    String end = String.join("\0", arguments) + "\0";
    return alive().stream().filter(process -> commandLine(process).endsWith(end)).toList();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(
          PROC.resolve(process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has just ended
    }
  }

  /** {@code kill -9} for all, as close together as can be; says how many there were. */
  int killAll() {
    List<ProcessHandle> all = alive();
    all.forEach(ProcessHandle::destroyForcibly);
    return all.size();
  }

  /** Sends a signal that Java has no word for. */
  static void signal(ProcessHandle process, String signal)
      throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).inheritIO().start();
    assertThat(kill.waitFor()).as("kill -" + signal).isZero();
  }

  /** As above, at once when it is run: for an event that does not wait. */
  static Runnable prepared(ProcessHandle process, String signal) throws IOException {
    Process kill =
        new ProcessBuilder("sh", "-c", "read line && kill -" + signal + " " + process.pid())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    return () -> {
      try (OutputStream out = kill.getOutputStream()) {
        out.write('\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /** That none is left, soon. */
  void assertGone() {
    await()
        .alias("processes that must not stay behind")
        .atMost(GONE_WITHIN)
        .untilAsserted(
            () -> assertThat(alive().stream().map(MarkedProcesses::describe).toList()).isEmpty());
  }

  private static String describe(ProcessHandle process) {
    return process.pid() + " " + process.info().commandLine().orElse(commandOf(process));
  }

  private static String commandOf(ProcessHandle process) {
    return process.info().command().orElse("");
  }

  private boolean isMarked(Path entry) {
    try {
      String environment = Files.readString(entry.resolve("environ"), StandardCharsets.ISO_8859_1);
      return environment.contains(VARIABLE + "=" + mark);
    } catch (IOException e) {
      return false; // it has just ended, or is another user's
    }
  }

  private static boolean isNumber(String name) {
    return name.chars().allMatch(Character::isDigit);
  }
}

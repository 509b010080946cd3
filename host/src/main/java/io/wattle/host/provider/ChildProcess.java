package io.wattle.host.provider;

import io.wattle.lattice.provider.HostData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A provider's process by the launch contract (section 7.2): an empty environment but for logging
 * and tracing, no arguments, one line on standard input. It dies with this process, however that
 * dies: a shell between the two holds a pipe and kills it when the pipe breaks.
 */
final class ChildProcess {
  private static final long GONE_SECONDS = 10;
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  // Hands the first line on, then waits for the child to end, or for our end to kill it.
  private static final String WATCHDOG =
      """
      IFS= read -r line
      exec 3<&0
      printf '%s\\r\\n' "$line" | "$1" 3<&- 2>&1 &
      child=$!
      line=
      (
        exec >/dev/null 2>&1
        read -r nothing <&3
        kill -KILL "$child"
      ) &
      watch=$!
      exec 3<&-
      wait "$child"
      code=$?
      kill -KILL "$watch" 2>/dev/null
      exit "$code"
      """;

  private final Process shell;
  private final Thread reader;
  private volatile String lastLine = "";

  private ChildProcess(Process shell, String id, Consumer<String> output) {
    this.shell = shell;
    // Reading a pipe holds the thread that carries a virtual one, and there are as few as
    // processors.
    this.reader =
        Thread.ofPlatform().daemon().name("provider-output-" + id).unstarted(() -> read(output));
  }

  /**
   * Starts one.
   *
   * @param output takes what it prints, line by line
   */
  static ChildProcess start(Path executable, HostData data, Consumer<String> output)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-c", WATCHDOG, "wattle-provider", executable.toString())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> !name.equals("RUST_LOG") && !name.startsWith("OTEL_"));
    ChildProcess child = new ChildProcess(builder.start(), data.providerKey(), output);
    child.reader.start();
    try {
      OutputStream in = child.shell.getOutputStream();
      in.write((data.toLine() + "\n").getBytes(StandardCharsets.US_ASCII));
      in.flush();
    } catch (IOException e) {
      child.kill();
      throw e;
    }
    return child;
  }

  boolean isAlive() {
    return shell.isAlive();
  }

  /** Waits for its end; false when the time is over first. */
  boolean awaitEnd(long millis) throws InterruptedException {
    return shell.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** How it ended, for people. What it said last may come a moment after its end. */
  String ending() throws InterruptedException {
    var _ = reader.join(LAST_WORDS);
    int code = shell.exitValue();
    String how = code > 128 ? "was killed by signal " + (code - 128) : "ended with " + code;
    return lastLine.isBlank() ? how : how + "; its last words: " + lastLine;
  }

  /** Kills it, and waits until it is gone. */
  void kill() {
    try {
      shell.getOutputStream().close(); // the shell does it
      if (!shell.waitFor(GONE_SECONDS, TimeUnit.SECONDS)) {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
      }
    } catch (IOException e) {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    } catch (InterruptedException e) {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }

  private void read(Consumer<String> output) {
    try (BufferedReader lines = shell.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        lastLine = line.isBlank() ? lastLine : line;
        output.accept(line);
      }
    } catch (IOException e) {
      output.accept("(its output broke off: " + e.getMessage() + ")");
    }
  }
}

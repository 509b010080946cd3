package io.wattle.cli;

import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;

/** A command that goes on until it is closed, which interrupts it. */
public final class Running implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final StringWriter out = new StringWriter(); // its buffer is synchronized
  private final StringWriter err = new StringWriter();
  private final Thread thread;

  /** Starts a command in this process. */
  public Running(String... args) {
    thread =
        Thread.ofPlatform()
            .name("wattle " + args[0])
            .start(() -> Main.run(new PrintWriter(out), new PrintWriter(err), args));
  }

  /** The lines on stdout so far. */
  public List<String> lines() {
    return out.toString().lines().toList();
  }

  /** Waits for a line on stdout that contains the text. */
  public String awaitLine(String text) {
    try {
      await()
          .atMost(LONG)
          .until(() -> lines().stream().anyMatch(line -> line.contains(text)) || !thread.isAlive());
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError("no line with " + text + " in " + this, e);
    }
    return lines().stream()
        .filter(line -> line.contains(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line with " + text + " in " + this));
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      var _ = thread.join(LONG);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      throw new AssertionError(thread.getName() + " does not end when it is interrupted");
    }
  }

  @Override
  public String toString() {
    return "stdout:\n" + out + "\nstderr:\n" + err;
  }
}

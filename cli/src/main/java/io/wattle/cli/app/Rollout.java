package io.wattle.cli.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.ExitCode;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.event.EventSubscriber;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Waits until an application stands as wanted, and tells each part's changes on the way. Looks at
 * the status whenever something happened in the lattice, and four times a second at least.
 */
public final class Rollout {
  private static final long LOOK_AGAIN_MILLIS = 250;

  /** How long something that runs may be unhealthy before that counts as a failure. */
  private static final long UNHEALTHY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LatticeConnection lattice;
  private final AppClient apps;
  private final Consumer<String> progress;
  private final Map<String, AppItem> shown = new HashMap<>();
  private long unhealthySince;

  /** Tells changes to {@code progress}, a line for each. */
  public Rollout(LatticeConnection lattice, Consumer<String> progress) {
    this.lattice = lattice;
    this.apps = new AppClient(lattice);
    this.progress = progress;
  }

  /**
   * How it ended.
   *
   * @param status the application's, as the control plane says it
   */
  public record Result(String app, JsonNode status, List<AppItem> items) {}

  /**
   * Waits until {@code app} is deployed.
   *
   * @throws CommandException when it failed, or is not there within {@code timeout}
   */
  public Result await(String app, Duration timeout) throws CommandException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Semaphore happened = new Semaphore(1);
    Subscription events = EventSubscriber.subscribe(lattice, event -> happened.release());
    try {
      while (true) {
        JsonNode status = status(app, deadline);
        List<AppItem> items = AppItem.of(status);
        items.forEach(this::show);
        String type = status.path("status").path("type").asText();
        if (type.equals("deployed")) {
          return new Result(app, status, items);
        }
        if (type.equals("failed") || settledUnhealthy(type)) {
          throw failed(app, type, status, items);
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw late(app, timeout, status, items);
        }
        happened.drainPermits();
        long wait = Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS));
        if (happened.tryAcquire(wait, TimeUnit.NANOSECONDS)) {
          happened.drainPermits();
        }
      }
    } finally {
      events.close();
    }
  }

  /** Control planes may be away for a while: what was deployed is not forgotten. */
  private JsonNode status(String app, long deadline) throws CommandException, InterruptedException {
    boolean told = false;
    while (true) {
      try {
        return apps.status(app);
      } catch (CommandException e) {
        if (e.exitCode() != ExitCode.UNREACHABLE || System.nanoTime() - deadline >= 0) {
          throw e;
        }
        if (!told) {
          progress.accept("  " + e.getMessage() + "; waiting for one");
          told = true;
        }
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
  }

  private void show(AppItem item) {
    AppItem before = shown.put(item.kind() + " " + item.name(), item);
    if (!item.equals(before)) {
      progress.accept(line(item));
    }
  }

  private static String line(AppItem item) {
    String message = item.message().isEmpty() ? "" : ": " + item.message();
    return "  %-9s %s  %s%s".formatted(item.kind(), item.name(), item.status(), message);
  }

  /** Everything is there, but something of it does not work and goes on not working. */
  private boolean settledUnhealthy(String type) {
    if (!type.equals("unhealthy")) {
      unhealthySince = 0;
      return false;
    }
    if (unhealthySince == 0) {
      unhealthySince = System.nanoTime();
    }
    return System.nanoTime() - unhealthySince > UNHEALTHY_NANOS;
  }

  private static CommandException failed(
      String app, String type, JsonNode status, List<AppItem> items) {
    return with(
        CommandException.failed(
            "application "
                + app
                + (type.equals("failed") ? " failed" : " is " + type)
                + reasons(status, items)),
        app,
        status);
  }

  private static CommandException late(
      String app, Duration timeout, JsonNode status, List<AppItem> items) {
    String text =
        "application "
            + app
            + " is not deployed within "
            + timeout.toSeconds()
            + " s but "
            + status.path("status").path("type").asText("unknown");
    return with(
        CommandException.of(ExitCode.TIMEOUT, text + reasons(status, items))
            .hint("It goes on in the background; look with `wattle app status " + app + "`."),
        app,
        status);
  }

  private static CommandException with(CommandException failure, String app, JsonNode status) {
    return failure.with("app", app).with("status", status);
  }

  private static String reasons(JsonNode status, List<AppItem> items) {
    List<String> lines =
        items.stream().filter(item -> !item.deployed()).map(Rollout::line).distinct().toList();
    String message = status.path("status").path("message").asText("");
    if (lines.isEmpty()) {
      return message.isEmpty() ? "" : ": " + message;
    }
    return "\n" + String.join("\n", lines);
  }
}

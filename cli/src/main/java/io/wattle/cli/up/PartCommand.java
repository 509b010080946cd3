package io.wattle.cli.up;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.ExitCode;
import io.wattle.cli.connect.ConnectionOptions;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * One part of a lattice in a process of its own, in the foreground: it waits for NATS, joins, says
 * so, and ends in good order with Ctrl-C or SIGTERM.
 */
public abstract class PartCommand extends BaseCommand {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  @Mixin private final ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to try to reach the lattice (default: ${DEFAULT-VALUE}).")
  private long waitSeconds;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "0",
      description = "Copies of what is stored in JetStream (default: 3 in a cluster, else 1).")
  private int replicas;

  /** What was started. */
  protected interface Part {
    /** What there is to say when it is ready. */
    Answer ready();

    /** Waits until it has stopped, whoever stopped it. */
    void awaitStop() throws InterruptedException;

    /** Stops it: what runs may finish. Idempotent. */
    void stop() throws InterruptedException;
  }

  /** What must hold before anything is started; arguments. */
  protected abstract void check() throws CommandException;

  /**
   * Starts it.
   *
   * @throws LatticeException is tried again when the lattice may come
   */
  protected abstract Part start(LatticeOptions lattice)
      throws CommandException, InterruptedException;

  @Override
  protected final Answer execute(Console console) throws CommandException, InterruptedException {
    if (waitSeconds < 0) {
      throw CommandException.usage("--wait: " + waitSeconds + " (expected: >= 0)");
    }
    check();
    Part part = startWhenReached(lattice(), console);
    AtomicBoolean ended = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stopAtExit(part, ended, console), "stop-at-exit"));
    console.answer(part.ready());
    part.awaitStop();
    ended.set(true);
    return Answer.NONE;
  }

  private LatticeOptions lattice() throws CommandException {
    try {
      return connection.resolve().withReplicas(replicas);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--" + e.getMessage()).because(e);
    }
  }

  private Part startWhenReached(LatticeOptions lattice, Console console)
      throws CommandException, InterruptedException {
    Deadline deadline = Deadline.in(Duration.ofSeconds(waitSeconds));
    boolean told = false;
    while (true) {
      try {
        requireJetStream(lattice);
        return start(lattice);
      } catch (LatticeException e) {
        CommandException failure = connection.explain(e);
        if (!mayCome(e) || deadline.passed()) {
          throw failure;
        }
        if (!told) {
          console.progress("waiting for the lattice: " + failure.getMessage());
          told = true;
        }
      }
      TimeUnit.NANOSECONDS.sleep(Math.min(AGAIN.toNanos(), deadline.left().toNanos() + 1));
    }
  }

  private static void requireJetStream(LatticeOptions lattice) throws InterruptedException {
    try (LatticeConnection reached = LatticeConnection.connect(lattice)) {
      reached.requireJetStream();
    }
  }

  /** Whether it can get better: a server that starts, a cluster that finds its leader. */
  private static boolean mayCome(LatticeException e) {
    return switch (e.kind()) {
      case UNREACHABLE, NO_JETSTREAM, NO_RESPONDERS, TIMEOUT -> true;
      case NOT_ALLOWED, REFUSED, MALFORMED, CONFLICT -> false;
    };
  }

  private static void stopAtExit(Part part, AtomicBoolean ended, Console console) {
    if (ended.get()) {
      return;
    }
    console.progress("stopping ...");
    try {
      part.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    console.progress("stopped");
    Runtime.getRuntime().halt(ExitCode.OK.code());
  }

  /** The lattice's failure behind another one, null when there is none. */
  static @Nullable LatticeException latticeFailure(Throwable failure) {
    Throwable cause = failure;
    while (cause != null) {
      if (cause instanceof LatticeException found) {
        return found;
      }
      cause = cause.getCause();
    }
    return null;
  }
}

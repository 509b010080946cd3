package io.wattle.cli.up;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.ConnectionFile;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.DataDir;
import io.wattle.cli.base.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stops what {@code up} started, and waits until it has stopped. */
@Command(
    name = "down",
    description = "Stop what `up` started. Applications and their data stay for the next `up`.",
    footer = {
      "",
      "Examples:",
      "  wattle down           stop; the next `up` goes on where this one ended",
      "  wattle down --purge   stop, and forget applications, links, config and counts"
    })
public final class DownCommand extends BaseCommand {
  @Option(
      names = "--purge",
      description = "Also forget all data: applications, links, config, key-value buckets.")
  private boolean purge;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait for a graceful stop (default: ${DEFAULT-VALUE}).")
  private long timeoutSeconds;

  @Override
  protected Answer execute(Console console) throws CommandException, InterruptedException {
    DataDir dataDir = DataDir.of(System.getenv());
    SupervisorLock.Holder holder = SupervisorLock.holder(dataDir);
    if (holder != null) {
      stop(dataDir, holder, console);
    }
    if (purge) {
      purge(dataDir);
    }
    String stopped =
        holder == null ? "nothing is running in " + dataDir : "stopped (pid " + holder.pid() + ")";
    return Answer.of(stopped + (purge ? "; its data is forgotten" : ""))
        .with("stopped", holder != null)
        .with("purged", purge)
        .with("data_dir", dataDir.toString());
  }

  private void stop(DataDir dataDir, SupervisorLock.Holder holder, Console console)
      throws CommandException, InterruptedException {
    console.progress("stopping pid " + holder.pid() + " ...");
    Optional<ProcessHandle> process = ProcessHandle.of(holder.pid());
    request(dataDir, process);
    if (process.isEmpty() || process.get().pid() == ProcessHandle.current().pid()) {
      return;
    }
    try {
      process.get().onExit().get(timeoutSeconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw CommandException.of(
              ExitCode.TIMEOUT,
              "pid " + holder.pid() + " has not stopped within " + timeoutSeconds + " s")
          .hint(
              "Wait longer with --timeout, or end it: kill -9 "
                  + holder.pid()
                  + " (it loses no"
                  + " acknowledged data, and nothing of it stays behind).")
          .because(e);
    } catch (ExecutionException e) {
      throw CommandException.failed("cannot wait for pid " + holder.pid() + ": " + e.getMessage())
          .because(e);
    }
  }

  /** Over the control socket; by SIGTERM, which means the same, when that does not answer. */
  private static void request(DataDir dataDir, Optional<ProcessHandle> process) {
    ConnectionFile connection = ConnectionFile.read(dataDir);
    Path socket = connection == null ? dataDir.socket() : Path.of(connection.socket());
    try {
      ControlSocket.ask(socket, "stop");
    } catch (IOException e) {
      process.ifPresent(ProcessHandle::destroy);
    }
  }

  /**
   * All but programs that were fetched; with the lock, so that no new supervisor starts meanwhile.
   */
  private static void purge(DataDir dataDir) throws CommandException {
    if (!Files.isDirectory(dataDir.root())) {
      return;
    }
    SupervisorLock lock = SupervisorLock.take(dataDir, Instant.now());
    try (Stream<Path> entries = Files.list(dataDir.root())) {
      for (Path entry : entries.toList()) {
        if (!entry.equals(dataDir.programs()) && !entry.equals(dataDir.lockFile())) {
          delete(entry);
        }
      }
    } catch (IOException e) {
      throw CommandException.failed("cannot forget the data in " + dataDir + ": " + e.getMessage())
          .because(e);
    } finally {
      lock.close();
    }
  }

  private static void delete(Path tree) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(tree)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}

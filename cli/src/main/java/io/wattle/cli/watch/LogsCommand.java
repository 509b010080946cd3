package io.wattle.cli.watch;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.Json;
import io.wattle.cli.base.Pause;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.cli.lattice.Hosts;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.watch.LogPage;
import io.wattle.lattice.watch.WatchClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What hosts and their components said. */
@Command(
    name = "logs",
    description = "Show what hosts and their components said, and go on with -f.",
    footer = {
      "",
      "Each host keeps its last 5,000 lines. With ID: what that component wrote (standard output",
      "and error, wasi:logging), and what hosts say of it.",
      "",
      "Examples:",
      "  wattle logs counter -f",
      "  wattle logs --since 5m --host quiet-reed -o json"
    })
public final class LogsCommand extends LatticeCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ID",
      description = "Component or provider; everything when left out.")
  private @Nullable String id;

  @Option(
      names = {"--host", "--host-id"},
      paramLabel = "HOST",
      description = "Id or friendly name; all hosts by default.")
  private @Nullable String host;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with new lines until Ctrl-C; with -o json one object for each line.")
  private boolean follow;

  @Option(
      names = "--since",
      paramLabel = "AGE",
      description = "Lines not older than 90s, 5m, 2h or 1d, or a time: 2026-01-31T12:00:00Z.")
  private @Nullable String since;

  @Option(
      names = {"-n", "--tail"},
      paramLabel = "N",
      description = "The last N lines of each host (default: as many as it can send at once).")
  private @Nullable Integer tail;

  @Override
  protected void check() throws CommandException {
    var _ = oldest();
    if (tail != null && tail < 0) {
      throw CommandException.usage("--tail: " + tail + " (expected: >= 0)");
    }
  }

  @Override
  protected Answer execute(LatticeConnection lattice, Console console)
      throws CommandException, InterruptedException {
    LogReader reader = new LogReader(new WatchClient(lattice), id, oldest(), tail, timeout());
    List<HostInfo> hosts = hosts(lattice);
    if (hosts.isEmpty()) {
      throw CommandException.notFound("no host answered in lattice " + lattice.lattice());
    }
    if (follow) {
      follow(lattice, reader, hosts, console);
    }
    List<LogReader.Heard> lines = new ArrayList<>();
    for (HostInfo each : hosts) {
      LogPage page = reader.first(each, console);
      page.lines().forEach(line -> lines.add(new LogReader.Heard(each.friendlyName(), line)));
    }
    lines.sort(Comparator.comparing(heard -> heard.line().time()));
    String text = String.join("\n", lines.stream().map(LogReader.Heard::text).toList());
    return Answer.of(text).with("lines", lines.stream().map(LogReader.Heard::json).toList());
  }

  /** Ends only by an exception. */
  private void follow(
      LatticeConnection lattice, LogReader reader, List<HostInfo> first, Console console)
      throws CommandException, InterruptedException {
    try (LogFollower follower =
        new LogFollower(
            reader,
            console,
            heard -> {
              synchronized (console) { // hosts are heard by threads of their own
                console.piece(console.json() ? Json.compact(heard.json()) : heard.text());
              }
            })) {
      List<HostInfo> hosts = first;
      while (true) {
        follower.hosts(hosts);
        Pause.of(LogFollower.NEW_HOSTS);
        hosts = hosts(lattice);
      }
    }
  }

  private List<HostInfo> hosts(LatticeConnection lattice)
      throws CommandException, InterruptedException {
    Hosts hosts = new Hosts(new ControlClient(lattice), timeout(), knownHosts());
    return host == null ? hosts.all() : List.of(hosts.one(host));
  }

  private @Nullable Instant oldest() throws CommandException {
    return since == null ? null : Since.parse(since, Instant.now());
  }
}

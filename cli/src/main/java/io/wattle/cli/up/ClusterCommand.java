package io.wattle.cli.up;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.DataDir;
import io.wattle.cli.connect.JoinToken;
import io.wattle.lattice.LatticeName;
import io.wattle.lattice.nats.NatsCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what a cluster of NATS servers on several machines needs. */
@Command(
    name = "cluster",
    description =
        "Write the configuration of a NATS cluster with TLS: a folder for each machine, and the"
            + " token with which hosts and control planes join. It starts nothing.",
    footer = {
      "",
      "Examples:",
      "  wattle cluster 10.0.0.1 10.0.0.2 10.0.0.3      then, on each machine, in its folder:",
      "  nats-server -c nats-server.conf",
      "",
      "docs/three-machines.md goes through it."
    })
public final class ClusterCommand extends BaseCommand {
  private static final int MAX_PORT = 65535;

  @Parameters(
      arity = "1..*",
      paramLabel = "HOST",
      description = "Addresses or names of the machines; three, or five.")
  private List<String> machines = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "cluster",
      description = "Where to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("cluster");

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "4222",
      description = "Where clients connect (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--cluster-port",
      paramLabel = "PORT",
      defaultValue = "6222",
      description = "Where the servers connect to one another (default: ${DEFAULT-VALUE}).")
  private int clusterPort;

  @Option(
      names = {"-x", "--lattice"},
      paramLabel = "NAME",
      defaultValue = LatticeName.DEFAULT,
      description = "Lattice that the token names (default: ${DEFAULT-VALUE}).")
  private String lattice = LatticeName.DEFAULT;

  @Override
  protected Answer execute(Console console) throws CommandException {
    check();
    ClusterFiles files =
        new ClusterFiles(out, machines, port, clusterPort, NatsCredentials.generate());
    try {
      if (Files.isDirectory(out)) {
        try (Stream<Path> there = Files.list(out)) {
          if (there.findAny().isPresent()) {
            throw CommandException.failed(out + " is not empty")
                .hint("Delete it, or write somewhere else with --out; old tokens end then.");
          }
        }
      }
      DataDir.createPrivate(out);
      JoinToken token = files.write(lattice, Instant.now());
      return Answer.of(text(console)).with("out", out.toString()).with("join_token", token.text());
    } catch (IOException e) {
      throw CommandException.failed("cannot write to " + out + ": " + e.getMessage()).because(e);
    }
  }

  private void check() throws CommandException {
    if (machines.size() % 2 == 0) {
      throw CommandException.usage(
          machines.size() + " machines (expected: an odd number, else one more does not help)");
    }
    if (new HashSet<>(machines).size() != machines.size()) {
      throw CommandException.usage("machines: one is named twice");
    }
    for (int number : new int[] {port, clusterPort}) {
      if (number < 1 || number > MAX_PORT) {
        throw CommandException.usage("port: " + number + " (expected: 1 to 65535)");
      }
    }
    if (port == clusterPort) {
      throw CommandException.usage("--port and --cluster-port: both " + port);
    }
    try {
      LatticeName.checkLattice(lattice);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage())).because(e);
    }
  }

  private String text(Console console) {
    for (String machine : machines) {
      console.line("  " + out.resolve(machine) + "    for " + machine);
    }
    console.line("  " + out.resolve("token") + "    for hosts and control planes");
    console.line("  " + out.resolve("authority") + "    keep it, in private");
    return "Copy each folder to its machine and start, in it: nats-server -c nats-server.conf\n"
        + "Then, wherever a host shall be: wattle host --join token";
  }
}

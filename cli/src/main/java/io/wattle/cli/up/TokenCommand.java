package io.wattle.cli.up;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.ConnectionFile;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.DataDir;
import picocli.CommandLine.Command;

/** Prints the join token of the lattice that {@code up} started. */
@Command(
    name = "token",
    description =
        "Print the token with which other machines join the lattice that `up --listen` started."
            + " Who has it may run code on the lattice's hosts.",
    footer = {
      "",
      "Examples:",
      "  wattle token > lattice.token       then, on the other machine:",
      "  wattle host --join lattice.token"
    })
public final class TokenCommand extends BaseCommand {
  @Override
  protected Answer execute(Console console) throws CommandException {
    DataDir dataDir = DataDir.of(System.getenv());
    ConnectionFile running = ConnectionFile.read(dataDir);
    if (running == null || SupervisorLock.holder(dataDir) == null) {
      throw CommandException.notFound("nothing is running in " + dataDir)
          .hint("`wattle up --listen ADDR` starts a lattice that other machines can join.");
    }
    String token = running.join();
    if (token == null) {
      throw CommandException.failed("NATS listens on loopback only, so that nobody can join")
          .hint(
              "Start it with `wattle up --listen ADDR`, where ADDR is an address of this machine.");
    }
    return Answer.of(token).with("join_token", token);
  }
}

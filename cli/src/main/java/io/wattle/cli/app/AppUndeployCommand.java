package io.wattle.cli.app;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stops applications. */
@Command(
    name = "undeploy",
    description = "Stop applications; their stored versions and their data stay.")
final class AppUndeployCommand extends LatticeCommand {
  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Applications.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--all", description = "All that are deployed.")
  private boolean all;

  @Override
  protected void check() throws CommandException {
    if (all == !names.isEmpty()) {
      throw CommandException.usage("no application named (expected: NAME..., or --all)");
    }
  }

  @Override
  protected Answer execute(LatticeConnection lattice, Console console)
      throws CommandException, InterruptedException {
    AppClient apps = new AppClient(lattice);
    List<String> which = all ? Several.names(apps.list(), "deployed_version") : names;
    return Several.each(which, "undeployed", name -> apps.undeploy(name).path("message").asText());
  }
}

package io.wattle.cli.app;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Forgets applications. */
@Command(
    name = "delete",
    aliases = "del",
    description = "Stop an application and forget its stored versions, or forget one version.")
final class AppDeleteCommand extends LatticeCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Application.")
  private @Nullable String name;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "Only this version.")
  private @Nullable String version;

  @Option(names = "--all-undeployed", description = "All that are not deployed.")
  private boolean allUndeployed;

  @Override
  protected void check() throws CommandException {
    if (allUndeployed == (name != null)) {
      throw CommandException.usage("no application named (expected: NAME, or --all-undeployed)");
    }
  }

  @Override
  protected Answer execute(LatticeConnection lattice, Console console)
      throws CommandException, InterruptedException {
    AppClient apps = new AppClient(lattice);
    List<String> which =
        name == null ? Several.namesWithout(apps.list(), "deployed_version") : List.of(name);
    return Several.each(
        which, "deleted", each -> apps.delete(each, version).path("message").asText());
  }
}

package io.wattle.cli.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Json;
import io.wattle.cli.connect.WatchableCommand;
import io.wattle.lattice.LatticeConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A stored manifest. */
@Command(name = "get", description = "Show a stored manifest.")
final class AppGetCommand extends WatchableCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "Application.")
  private String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "Version; the newest when left out.")
  private @Nullable String version;

  @Override
  protected Answer look(LatticeConnection lattice) throws CommandException, InterruptedException {
    JsonNode manifest = new AppClient(lattice).get(name, version).path("manifest");
    return Answer.of(Json.pretty(manifest)).with("application", manifest);
  }
}

package io.wattle.cli.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Table;
import io.wattle.cli.connect.WatchableCommand;
import io.wattle.lattice.LatticeConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The stored versions of an application. */
@Command(name = "history", description = "Show the stored versions of an application.")
final class AppHistoryCommand extends WatchableCommand {
  @Parameters(paramLabel = "NAME", description = "Application.")
  private String name = "";

  @Override
  protected Answer look(LatticeConnection lattice) throws CommandException, InterruptedException {
    JsonNode versions = new AppClient(lattice).versions(name).path("versions");
    Table table = Table.of("VERSION", "DEPLOYED");
    for (JsonNode version : versions) {
      table.row(version.path("version").asText(), version.path("deployed").asBoolean());
    }
    return Answer.of(table.toString()).with("app", name).with("revisions", versions);
  }
}

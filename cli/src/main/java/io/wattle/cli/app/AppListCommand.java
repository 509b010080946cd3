package io.wattle.cli.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Table;
import io.wattle.cli.connect.WatchableCommand;
import io.wattle.lattice.LatticeConnection;
import picocli.CommandLine.Command;

/** All applications. */
@Command(name = "list", description = "Show all applications and how they stand.")
final class AppListCommand extends WatchableCommand {
  @Override
  protected Answer look(LatticeConnection lattice) throws CommandException, InterruptedException {
    JsonNode apps = new AppClient(lattice).list();
    Table table = Table.of("NAME", "DEPLOYED", "LATEST", "STATUS", "DESCRIPTION");
    for (JsonNode app : apps) {
      JsonNode status = app.path("detailed_status").path("status");
      table.row(
          app.path("name").asText(),
          app.path("deployed_version").isTextual() ? app.path("deployed_version").asText() : "-",
          app.path("version").asText(),
          status.path("type").asText(),
          app.path("description").isNull() ? "" : app.path("description").asText());
    }
    return Answer.of(apps.isEmpty() ? "no applications" : table.toString())
        .with("applications", apps);
  }
}

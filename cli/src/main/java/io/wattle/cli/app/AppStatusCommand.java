package io.wattle.cli.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Table;
import io.wattle.cli.connect.WatchableCommand;
import io.wattle.lattice.LatticeConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One application, part by part. */
@Command(name = "status", description = "Show how an application stands, part by part.")
final class AppStatusCommand extends WatchableCommand {
  @Parameters(paramLabel = "NAME", description = "Application.")
  private String name = "";

  @Override
  protected Answer look(LatticeConnection lattice) throws CommandException, InterruptedException {
    AppClient apps = new AppClient(lattice);
    JsonNode deployed = deployedVersion(apps.versions(name));
    JsonNode status = apps.status(name);
    Table table = Table.of("KIND", "NAME", "STATUS", "MESSAGE");
    for (AppItem item : AppItem.of(status)) {
      table.row(item.kind(), item.name(), item.status(), item.message());
    }
    JsonNode whole = status.path("status");
    String message = whole.path("message").asText("");
    String head =
        name
            + "  "
            + (deployed.isNull() ? "-" : deployed.asText())
            + "  "
            + whole.path("type").asText()
            + (message.isEmpty() ? "" : ": " + message);
    String text = status.path("scalers").isEmpty() ? head : head + "\n\n" + table;
    return Answer.of(text).with("app", name).with("version", deployed).with("status", status);
  }

  /** Also says that there is no such application, which the status does not. */
  private static JsonNode deployedVersion(JsonNode reply) {
    for (JsonNode version : reply.path("versions")) {
      if (version.path("deployed").asBoolean()) {
        return version.path("version");
      }
    }
    return NullNode.instance;
  }
}

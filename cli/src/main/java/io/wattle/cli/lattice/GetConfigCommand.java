package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Table;
import io.wattle.cli.connect.WatchableCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ControlClient;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A named config. */
@Command(name = "config", description = "Show a named config.")
final class GetConfigCommand extends WatchableCommand {
  @Parameters(paramLabel = "NAME", description = "Name of the config.")
  private String name = "";

  @Override
  protected Answer look(LatticeConnection lattice) throws CommandException, InterruptedException {
    return answer(new ControlClient(lattice), name);
  }

  static Answer answer(ControlClient control, String name)
      throws CommandException, InterruptedException {
    Map<String, String> config =
        new TreeMap<>(
            control
                .config(name)
                .orElseThrow(() -> CommandException.notFound("no config named " + name)));
    Table table = Table.of("KEY", "VALUE");
    config.forEach(table::row);
    return Answer.of(config.isEmpty() ? "config " + name + " is empty" : table.toString())
        .with("name", name)
        .with("config", config);
  }
}

package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.connect.WatchableCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ControlClient;
import picocli.CommandLine.Command;

/** All links. */
@Command(name = "links", description = "Show all links.")
final class GetLinksCommand extends WatchableCommand {
  @Override
  protected Answer look(LatticeConnection lattice) throws InterruptedException {
    return LinkTable.answer(new ControlClient(lattice).links());
  }
}

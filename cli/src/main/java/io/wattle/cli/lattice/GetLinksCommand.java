package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.Console;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ControlClient;
import picocli.CommandLine.Command;

/** All links. */
@Command(name = "links", description = "Show all links.")
final class GetLinksCommand extends LatticeCommand {
  @Override
  protected Answer execute(LatticeConnection lattice, Console console) throws InterruptedException {
    return LinkTable.answer(new ControlClient(lattice).links());
  }
}

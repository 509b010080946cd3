package io.wattle.cli.lattice;

import io.wattle.cli.base.Group;
import picocli.CommandLine.Command;

/** Live state of the lattice. */
@Command(
    name = "get",
    description = "Show what is in the lattice: hosts, inventory, links, config, claims.",
    subcommands = {
      GetHostsCommand.class,
      GetInventoryCommand.class,
      GetLinksCommand.class,
      GetConfigCommand.class,
      GetClaimsCommand.class
    })
public final class GetCommand extends Group {}

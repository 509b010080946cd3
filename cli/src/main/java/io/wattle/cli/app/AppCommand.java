package io.wattle.cli.app;

import io.wattle.cli.base.Group;
import picocli.CommandLine.Command;

/** Applications. */
@Command(
    name = "app",
    description = "Applications: deploy, look at and remove them.",
    subcommands = {
      AppDeployCommand.class,
      AppPutCommand.class,
      AppValidateCommand.class,
      AppListCommand.class,
      AppStatusCommand.class,
      AppGetCommand.class,
      AppHistoryCommand.class,
      AppUndeployCommand.class,
      AppDeleteCommand.class
    })
public final class AppCommand extends Group {}

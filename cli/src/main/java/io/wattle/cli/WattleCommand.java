package io.wattle.cli;

import io.wattle.cli.app.AppCommand;
import io.wattle.cli.base.Group;
import io.wattle.cli.component.CallCommand;
import io.wattle.cli.component.CompileCommand;
import io.wattle.cli.component.InspectCommand;
import io.wattle.cli.component.RunCommand;
import io.wattle.cli.component.ServeCommand;
import io.wattle.cli.lattice.ConfigCommand;
import io.wattle.cli.lattice.GetCommand;
import io.wattle.cli.lattice.LabelCommand;
import io.wattle.cli.lattice.LinkCommand;
import io.wattle.cli.lattice.NamesCommand;
import io.wattle.cli.lattice.ScaleCommand;
import io.wattle.cli.lattice.StartCommand;
import io.wattle.cli.lattice.StopCommand;
import io.wattle.cli.lattice.UpdateCommand;
import io.wattle.cli.provider.ProviderCommand;
import io.wattle.cli.up.ClusterCommand;
import io.wattle.cli.up.ControlPlaneCommand;
import io.wattle.cli.up.DownCommand;
import io.wattle.cli.up.HostCommand;
import io.wattle.cli.up.SupervisedHostCommand;
import io.wattle.cli.up.TokenCommand;
import io.wattle.cli.up.UpCommand;
import io.wattle.cli.watch.LogsCommand;
import io.wattle.cli.watch.SpyCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The root of all commands. */
@Command(
    name = "wattle",
    versionProvider = Version.class,
    description = "Runs WebAssembly components on a lattice of ordinary machines.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ok",
      "1:failed",
      "2:usage error",
      "3:not found",
      "4:timeout",
      "5:lattice not reached"
    },
    footer = {
      "",
      "Examples:",
      "  wattle up wadm-manifests/http-counter.yaml",
      "  wattle app deploy my-app.yaml",
      "  wattle get inventory -o json"
    })
final class WattleCommand extends Group {
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  @SuppressWarnings("UnusedVariable") // picocli handles it
  private boolean version;

  /** The commands by name, in the order of the help. */
  private static Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("up", UpCommand::new);
    commands.put("down", DownCommand::new);
    commands.put("token", TokenCommand::new);
    commands.put("host", HostCommand::new);
    commands.put("control-plane", ControlPlaneCommand::new);
    commands.put("cluster", ClusterCommand::new);
    commands.put("app", AppCommand::new);
    commands.put("get", GetCommand::new);
    commands.put("logs", LogsCommand::new);
    commands.put("spy", SpyCommand::new);
    commands.put("start", StartCommand::new);
    commands.put("stop", StopCommand::new);
    commands.put("scale", ScaleCommand::new);
    commands.put("update", UpdateCommand::new);
    commands.put("link", LinkCommand::new);
    commands.put("config", ConfigCommand::new);
    commands.put("label", LabelCommand::new);
    commands.put("call", CallCommand::new);
    commands.put("inspect", InspectCommand::new);
    commands.put("run", RunCommand::new);
    commands.put("serve", ServeCommand::new);
    commands.put("compile", CompileCommand::new);
    commands.put("provider", ProviderCommand::new);
    commands.put("completion", Completion::new);
    commands.put("names", NamesCommand::new);
    commands.put("supervised-host", SupervisedHostCommand::new);
    commands.put("warm-up", WarmUp::new);
    return commands;
  }

  /**
   * The command line for these arguments. When they begin with a command's name only that command
   * is made: making them all takes longer than most of them run.
   */
  static CommandLine commandLine(String... args) {
    CommandLine commandLine = new CommandLine(new WattleCommand());
    CommandGroups.install(commandLine);
    Map<String, Supplier<Object>> commands = commands();
    Supplier<Object> named = args.length == 0 ? null : commands.get(args[0]);
    if (named != null) {
      commandLine.addSubcommand(named.get());
    } else {
      commands.values().forEach(command -> commandLine.addSubcommand(command.get()));
    }
    return commandLine;
  }
}

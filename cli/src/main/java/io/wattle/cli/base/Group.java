package io.wattle.cli.base;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only has subcommands; alone it is a usage error that names them. */
public abstract class Group implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli handles it
  private boolean help;

  @Override
  public final void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(),
          spec.qualifiedName()
              + ": no command (expected: one of "
              + String.join(", ", visible(spec))
              + ")");
    }
  }

  private static List<String> visible(CommandSpec spec) {
    return spec.subcommands().entrySet().stream()
        .filter(command -> !command.getValue().getCommandSpec().usageMessage().hidden())
        .map(Map.Entry::getKey)
        .toList();
  }
}

package io.wattle.cli;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.Console;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a shell's completion script. */
@Command(
    name = "completion",
    description = "Print a completion script for bash or zsh.",
    footer = {"", "Example:", "  source <(wattle completion bash)"})
final class Completion extends BaseCommand {
  /** The shells the script works in. */
  enum Shell {
    bash,
    zsh
  }

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
  private @Nullable Shell shell;

  @Override
  protected Answer execute(Console console) {
    String script = AutoComplete.bash("wattle", WattleCommand.commandLine());
    return Answer.of(script).with("shell", String.valueOf(shell)).with("script", script);
  }
}

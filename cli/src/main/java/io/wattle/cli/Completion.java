package io.wattle.cli;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Prints a shell's completion script: commands and options from their declarations, names of hosts,
 * components, providers and applications from the lattice that runs.
 */
@Command(
    name = "completion",
    description = "Print a completion script for bash or zsh.",
    footer = {
      "",
      "Examples:",
      "  source <(wattle completion bash)      # in ~/.bashrc",
      "  source <(wattle completion zsh)       # in ~/.zshrc"
    })
final class Completion extends BaseCommand {
  private static final String NAMES = "names.bash";

  /** zsh runs the script by its emulation of bash's completion. */
  private static final String ZSH =
      "autoload -U +X compinit && compinit -u\nautoload -U +X bashcompinit && bashcompinit\n";

  /** The shells the script works in. */
  enum Shell {
    bash,
    zsh
  }

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
  private @Nullable Shell shell;

  @Override
  protected Answer execute(Console console) {
    String commands = AutoComplete.bash("wattle", WattleCommand.commandLine());
    String script = (shell == Shell.zsh ? ZSH : "") + commands + "\n" + names();
    return Answer.of(script).with("shell", String.valueOf(shell)).with("script", script);
  }

  private static String names() {
    try (InputStream script =
        Objects.requireNonNull(Completion.class.getResourceAsStream(NAMES), NAMES)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

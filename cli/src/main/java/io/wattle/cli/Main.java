package io.wattle.cli;

import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.ExitCode;
import io.wattle.cli.base.GlobalOptions;
import io.wattle.cli.base.GlobalOptions.Format;
import io.wattle.cli.base.ProcessStreams;
import io.wattle.cli.log.Logging;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The {@code wattle} command. */
public final class Main {
  private Main() {}

  /** Runs the command line and exits with its {@link ExitCode}. */
  public static void main(String[] args) {
    ProcessStreams.begin();
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int exitCode = run(out, err, args);
    out.flush();
    err.flush();
    System.exit(exitCode);
  }

  /** Runs the command line and answers its exit code. */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    GlobalOptions options = new GlobalOptions();
    CommandLine commandLine = WattleCommand.commandLine(args);
    commandLine.addMixin(BaseCommand.GLOBAL, options);
    commandLine.setOut(out).setErr(err);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setUsageHelpLongOptionsMaxWidth(28);
    commandLine.setExecutionStrategy(parsed -> execute(parsed, options));
    commandLine.setParameterExceptionHandler((e, given) -> usage(e, given, out, err));
    return commandLine.execute(args);
  }

  private static int execute(ParseResult parsed, GlobalOptions options) {
    Logging.verbosity(options.verbosity());
    return new CommandLine.RunLast().execute(parsed);
  }

  private static int usage(ParameterException e, String[] args, PrintWriter out, PrintWriter err) {
    CommandLine command = e.getCommandLine();
    String help = command.getCommandSpec().qualifiedName() + " --help shows what it understands.";
    CommandException failure =
        CommandException.usage(String.valueOf(e.getMessage())).hint(help + suggestions(e));
    Format format = asksForJson(args) ? Format.json : Format.text;
    new Console(out, err, GlobalOptions.forFormat(format)).failure(failure);
    return ExitCode.USAGE.code();
  }

  private static String suggestions(ParameterException e) {
    return e instanceof CommandLine.UnmatchedArgumentException unmatched
            && !unmatched.getSuggestions().isEmpty()
        ? "\nDid you mean: " + String.join(", ", unmatched.getSuggestions()) + "?"
        : "";
  }

  /** Whether the arguments, which could not be parsed, ask for JSON. */
  private static boolean asksForJson(String[] args) {
    List<String> list = Arrays.asList(args);
    for (int i = 0; i < list.size(); i++) {
      String arg = list.get(i);
      boolean next = i + 1 < list.size() && list.get(i + 1).equalsIgnoreCase("json");
      if (((arg.equals("-o") || arg.equals("--output")) && next)
          || arg.equalsIgnoreCase("-ojson")
          || arg.equalsIgnoreCase("-o=json")
          || arg.equalsIgnoreCase("--output=json")) {
        return true;
      }
    }
    return false;
  }
}

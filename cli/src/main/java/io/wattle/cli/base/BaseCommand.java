package io.wattle.cli.base;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that does something; subclasses say what in {@link #execute}. */
public abstract class BaseCommand implements Callable<Integer> {
  /** The name under which the root command mixes in {@link GlobalOptions}. */
  public static final String GLOBAL = "global";

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli handles it
  private boolean help;

  /**
   * Does it.
   *
   * @throws CommandException when it could not be done
   * @throws InterruptedException when the user gave up
   */
  protected abstract Answer execute(Console console) throws CommandException, InterruptedException;

  @Override
  public final Integer call() {
    CommandSpec command = spec();
    GlobalOptions options = globalOptions(command);
    Console console =
        new Console(command.commandLine().getOut(), command.commandLine().getErr(), options);
    try {
      console.answer(execute(console));
      return ExitCode.OK.code();
    } catch (CommandException e) {
      console.failure(e);
      return e.code();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      console.failure(CommandException.failed("interrupted"));
      return ExitCode.FAILED.code();
    } catch (RuntimeException | Error e) {
      console.failure(
          CommandException.failed("unexpected: " + e)
              .hint("This is a fault in wattle; --debug shows where.")
              .because(e));
      return ExitCode.FAILED.code();
    }
  }

  /** This command's description of itself. */
  protected final CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("spec: null (expected: set by picocli)");
    }
    return spec;
  }

  /** The options of the root command. */
  protected final GlobalOptions global() {
    return globalOptions(spec());
  }

  private static GlobalOptions globalOptions(CommandSpec command) {
    CommandSpec mixin = command.root().mixins().get(GLOBAL);
    return mixin == null ? new GlobalOptions() : (GlobalOptions) mixin.userObject();
  }
}

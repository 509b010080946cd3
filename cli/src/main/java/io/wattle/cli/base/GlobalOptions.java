package io.wattle.cli.base;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command has. */
public final class GlobalOptions {
  /** How answers are written. */
  public enum Format {
    text,
    json
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      scope = ScopeType.INHERIT,
      description = "How to answer: ${COMPLETION-CANDIDATES} (default: text).")
  private Format output = Format.text;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Log to stderr; twice for details.")
  private boolean[] verbose = {};

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show stack traces of errors (also: WATTLE_DEBUG=true).")
  private boolean debug;

  /** Whether the answer is one JSON envelope. */
  public boolean json() {
    return output == Format.json;
  }

  /** How often {@code -v} was given. */
  public int verbosity() {
    return verbose.length;
  }

  /** Whether errors show their stack traces. */
  public boolean debug() {
    return debug || Boolean.parseBoolean(System.getenv("WATTLE_DEBUG"));
  }

  /** Options for what is said before the command line was understood. */
  public static GlobalOptions forFormat(Format format) {
    GlobalOptions options = new GlobalOptions();
    options.output = format;
    return options;
  }
}

package io.wattle.cli.base;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command that did not do what it was asked. The message says what, where, expected and got; the
 * hint says what to do about it.
 */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;
  private final ExitCode exitCode;
  private final @Nullable String hint;
  private final transient Map<String, Object> data;

  /** The exit code of the program that was run here; 0 when none was. */
  private final int passedOn;

  private CommandException(
      ExitCode exitCode,
      String message,
      @Nullable String hint,
      Map<String, Object> data,
      int passedOn) {
    super(message);
    this.exitCode = exitCode;
    this.hint = hint;
    this.data = data;
    this.passedOn = passedOn;
  }

  /** A failure of the given kind. */
  public static CommandException of(ExitCode exitCode, String message) {
    return new CommandException(exitCode, message, null, Map.of(), 0);
  }

  /**
   * A program that was run here ended with an exit code, which becomes that of this process.
   *
   * @param code 1 to 255
   */
  public static CommandException exit(String message, int code) {
    return new CommandException(
        ExitCode.FAILED, message, null, Map.of("exit_code", code), Math.clamp(code, 1, 255));
  }

  /** A plain failure: exit code 1. */
  public static CommandException failed(String message) {
    return of(ExitCode.FAILED, message);
  }

  /** What was asked for is not there: exit code 3. */
  public static CommandException notFound(String message) {
    return of(ExitCode.NOT_FOUND, message);
  }

  /** The arguments make no sense: exit code 2. */
  public static CommandException usage(String message) {
    return of(ExitCode.USAGE, message);
  }

  /** The same failure with what to do about it. */
  public CommandException hint(String text) {
    return copy(text, data);
  }

  /** The same failure with a field of its own in the JSON envelope, beside {@code error}. */
  public CommandException with(String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(data);
    more.put(key, value);
    return copy(hint, more);
  }

  /** The same failure, remembering what caused it (shown with {@code --debug}). */
  public CommandException because(Throwable cause) {
    initCause(cause);
    return this;
  }

  private CommandException copy(@Nullable String newHint, Map<String, Object> newData) {
    CommandException copy =
        new CommandException(exitCode, String.valueOf(getMessage()), newHint, newData, passedOn);
    if (getCause() != null) {
      copy.initCause(getCause());
    }
    return copy;
  }

  /** The kind of failure. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** What the process ends with. */
  public int code() {
    return passedOn == 0 ? exitCode.code() : passedOn;
  }

  /** Whether there is nothing to say about it: the program that was run has said it. */
  boolean isPassedOn() {
    return passedOn != 0;
  }

  /** What to do about it, if that is known. */
  public @Nullable String hint() {
    return hint;
  }

  /** Fields of its own in the JSON envelope. */
  public Map<String, Object> data() {
    return data == null ? Map.of() : data;
  }
}

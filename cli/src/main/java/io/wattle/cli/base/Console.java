package io.wattle.cli.base;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Where a command speaks: the answer goes to stdout, progress and errors to stderr. */
public final class Console {
  /** ECMA-48: cursor to the top left corner, erase all. */
  private static final String HOME_AND_CLEAR = "\033[H\033[2J";

  private final PrintWriter out;
  private final PrintWriter err;
  private final GlobalOptions options;

  /** A console on the given writers. */
  public Console(PrintWriter out, PrintWriter err, GlobalOptions options) {
    this.out = out;
    this.err = err;
    this.options = options;
  }

  /** Whether the answer is one JSON envelope. */
  public boolean json() {
    return options.json();
  }

  /** A line about what is going on; never part of the answer. */
  public void progress(String line) {
    err.println(line);
    err.flush();
  }

  /**
   * A line of the answer that is there before the answer's end: on stdout, or on stderr when the
   * answer is JSON.
   */
  public void line(String line) {
    PrintWriter writer = json() ? err : out;
    writer.println(line);
    writer.flush();
  }

  /** A piece of an answer that goes on: on stdout in either format. */
  public void piece(String text) {
    out.println(text);
    out.flush();
  }

  /** The same in the place of what was shown before, where stdout is a terminal. */
  public void redraw(String text) {
    if (terminal()) {
      out.print(HOME_AND_CLEAR);
    }
    piece(text);
  }

  /** Whether people look at stdout, rather than a program or a file. */
  @SuppressWarnings("SystemConsoleNull") // it is null where java.base serves it
  public static boolean terminal() {
    java.io.Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** The answer, at the end. */
  @SuppressWarnings("ReferenceEquality") // NONE is meant, not what looks like it
  public void answer(Answer answer) {
    if (answer == Answer.NONE) {
      return;
    }
    if (json()) {
      out.println(Json.envelope(answer));
    } else if (!answer.text().isEmpty()) {
      out.println(answer.text());
    }
    out.flush();
  }

  /** The failure, at the end. */
  public void failure(CommandException failure) {
    if (json()) {
      out.println(Json.envelope(failure));
      out.flush();
    } else if (!failure.isPassedOn()) {
      err.println("error: " + Printable.lines(String.valueOf(failure.getMessage())));
      if (failure.hint() != null) {
        err.println("  " + Printable.lines(failure.hint()).replace("\n", "\n  "));
      }
    }
    trace(failure);
    err.flush();
  }

  private void trace(@Nullable Throwable failure) {
    if (options.debug() && failure != null) {
      failure.printStackTrace(err);
    }
  }
}

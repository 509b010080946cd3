package io.wattle.cli.connect;

import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.ExitCode;
import io.wattle.lattice.LatticeException;

/** What a failure of the lattice means for a command. */
public final class Failures {
  private Failures() {}

  /** The failure as a command's. */
  public static CommandException of(LatticeException e) {
    return CommandException.of(exitCode(e.kind()), String.valueOf(e.getMessage())).because(e);
  }

  private static ExitCode exitCode(LatticeException.Kind kind) {
    return switch (kind) {
      case UNREACHABLE, NOT_ALLOWED, NO_JETSTREAM, NO_RESPONDERS -> ExitCode.UNREACHABLE;
      case TIMEOUT -> ExitCode.TIMEOUT;
      case REFUSED, MALFORMED, CONFLICT -> ExitCode.FAILED;
    };
  }
}

package io.wattle.cli.connect;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;

/** A command that speaks to a lattice: it is connected, and gives the connection back. */
public abstract class LatticeCommand extends BaseCommand {
  @Mixin private final ConnectionOptions connection = new ConnectionOptions();

  /**
   * Does it.
   *
   * @throws LatticeException becomes a failure with the exit code of its kind
   */
  protected abstract Answer execute(LatticeConnection lattice, Console console)
      throws CommandException, InterruptedException;

  /** What must hold before a connection is made: arguments, files. */
  protected void check() throws CommandException {}

  /** The answer, where it needs no lattice. */
  protected Optional<Answer> here(Console console) throws CommandException, InterruptedException {
    return Optional.empty();
  }

  /** How long one request may take. */
  protected final Duration timeout() throws CommandException {
    return connection.timeout();
  }

  /** Ids of hosts that are known to be in the lattice. */
  protected final Set<String> knownHosts() throws CommandException {
    return connection.knownHosts();
  }

  @Override
  protected final Answer execute(Console console) throws CommandException, InterruptedException {
    check();
    Optional<Answer> here = here(console);
    if (here.isPresent()) {
      return here.get();
    }
    try (LatticeConnection lattice = LatticeConnection.connect(connection.resolve())) {
      return execute(lattice, console);
    } catch (LatticeException e) {
      throw connection.explain(e);
    }
  }
}

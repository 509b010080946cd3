package io.wattle.cli.watch;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.ExitCode;
import io.wattle.cli.base.Json;
import io.wattle.cli.base.Pause;
import io.wattle.cli.component.ComponentTypes;
import io.wattle.cli.component.RunningImage;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeName;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.watch.SpiedCall;
import io.wattle.lattice.watch.SpyLease;
import io.wattle.lattice.watch.WatchClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The calls of a component or provider, while they happen. */
@Command(
    name = "spy",
    description = "Show the calls to and from a component or provider, live.",
    footer = {
      "",
      "The host of ID tells each call when it has ended, also those that never leave the host.",
      "Values are decoded by the types of the component's file, which is found by its image on",
      "this machine, or named with --wit. Bodies of HTTP are not shown. What runs on a host that",
      "is not Wattle's, or as a process of its own, cannot be watched.",
      "",
      "Examples:",
      "  wattle spy counter",
      "  wattle spy counter -o json | jq -c 'select(.error)'"
    })
public final class SpyCommand extends LatticeCommand {
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration RENEW = Duration.ofSeconds(3);

  @Parameters(index = "0", paramLabel = "ID", description = "Id of the component or provider.")
  private String id = "";

  @Option(names = "--wit", paramLabel = "FILE", description = "Component file with the types.")
  private @Nullable String wit;

  @Override
  protected void check() throws CommandException {
    try {
      LatticeName.checkId(id);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage())).because(e);
    }
  }

  @Override
  protected Answer execute(LatticeConnection lattice, Console console)
      throws CommandException, InterruptedException {
    CallView view = new CallView(id, types(lattice, console));
    WatchClient client = new WatchClient(lattice);
    try (Subscription _ = client.calls(id, call -> show(view, call, console))) {
      console.progress("calls to and from " + id + "; Ctrl-C ends it");
      while (true) {
        client.lease(new SpyLease(id, LEASE.toMillis()));
        Pause.of(RENEW);
      }
    } finally {
      client.lease(new SpyLease(id, 0));
    }
  }

  private static void show(CallView view, SpiedCall call, Console console) {
    console.piece(console.json() ? Json.compact(view.json(call)) : view.text(call));
  }

  /** Without a file the interfaces of the wire are known still. */
  private ComponentTypes types(LatticeConnection lattice, Console console)
      throws CommandException, InterruptedException {
    if (wit != null) {
      return ComponentTypes.of(wit);
    }
    try {
      return ComponentTypes.of(RunningImage.file(lattice, id, timeout(), knownHosts()));
    } catch (CommandException e) {
      if (e.exitCode() == ExitCode.UNREACHABLE) {
        throw e;
      }
      console.progress(
          e.getMessage() + ": only values of HTTP and key-value are decoded (name a file: --wit)");
      return new ComponentTypes();
    }
  }
}

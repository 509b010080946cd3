package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.Group;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.control.StopProvider;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stops by hand; what belongs to an application comes back unless that is undeployed. */
@Command(
    name = "stop",
    description = "Stop a component, a provider or a host.",
    subcommands = {
      StopCommand.Component.class,
      StopCommand.Provider.class,
      StopCommand.StopHost.class
    })
public final class StopCommand extends Group {

  /** What both have. */
  abstract static class Stop extends LatticeCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "Id it runs under.")
    String id = "";

    @Option(
        names = "--host-id",
        paramLabel = "HOST",
        description = "Id or friendly name; by default the one host on which it runs.")
    @Nullable String host;

    @Option(names = "--skip-wait", description = "Do not wait until it has stopped.")
    boolean skipWait;

    @Option(
        names = "--wait-timeout-ms",
        paramLabel = "MS",
        defaultValue = "10000",
        description = "How long to wait until it has stopped (default: ${DEFAULT-VALUE}).")
    long waitMillis;

    HostInventory where(ControlClient control, String what, Predicate<HostInventory> runs)
        throws CommandException, InterruptedException {
      return new Hosts(control, timeout(), knownHosts()).running(what, runs, host);
    }

    Answer answer(String what, HostInventory where, String said) {
      return Answer.of((skipWait ? "asked to stop " : "stopped ") + what)
          .with("id", id)
          .with("host_id", where.hostId())
          .with("message", said);
    }
  }

  @Command(name = "component", description = "Stop a component.")
  static final class Component extends Stop {
    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws CommandException, InterruptedException {
      ControlClient control = new ControlClient(lattice);
      String what = "component " + id;
      HostInventory where =
          where(
              control,
              what,
              inventory -> inventory.components().stream().anyMatch(c -> c.id().equals(id)));
      String image =
          where.components().stream()
              .filter(c -> c.id().equals(id))
              .findFirst()
              .orElseThrow()
              .imageRef();
      String target = where.hostId();
      try (EventWait wait = EventWait.of(lattice, target, e -> EventWait.scaled(e, id))) {
        String said = control.scale(target, ScaleComponent.of(target, id, image, 0));
        if (!skipWait) {
          wait.await("stop " + what, Duration.ofMillis(waitMillis));
        }
        return answer(what, where, said);
      }
    }
  }

  @Command(name = "provider", description = "Stop a provider.")
  static final class Provider extends Stop {
    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws CommandException, InterruptedException {
      ControlClient control = new ControlClient(lattice);
      String what = "provider " + id;
      HostInventory where =
          where(
              control,
              what,
              inventory -> inventory.providers().stream().anyMatch(p -> p.id().equals(id)));
      String target = where.hostId();
      try (EventWait wait = EventWait.of(lattice, target, e -> EventWait.providerStopped(e, id))) {
        String said = control.stopProvider(target, new StopProvider(id, target));
        if (!skipWait) {
          wait.await("stop " + what, Duration.ofMillis(waitMillis));
        }
        return answer(what, where, said);
      }
    }
  }

  @Command(name = "host", description = "Stop a host; what runs on it moves to others.")
  static final class StopHost extends LatticeCommand {
    private static final long USUAL_MILLIS = 10_000;
    private static final long DRAIN_MILLIS = 60_000;

    @Parameters(paramLabel = "HOST", description = "Id or friendly name.")
    private String host = "";

    @Option(
        names = "--drain",
        description = {
          "Others begin to take over at once, while the host accepts nothing more and finishes",
          "the calls that run; then it leaves."
        })
    private boolean drain;

    @Option(
        names = "--host-timeout",
        paramLabel = "MS",
        description =
            "How long it may take to end in good order (default: 10000, with --drain 60000).")
    private @Nullable Long hostMillis;

    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws CommandException, InterruptedException {
      ControlClient control = new ControlClient(lattice);
      HostInfo found = new Hosts(control, timeout(), knownHosts()).one(host);
      return drain ? drain(lattice, control, found) : stop(lattice, control, found);
    }

    private Answer stop(LatticeConnection lattice, ControlClient control, HostInfo found)
        throws CommandException, InterruptedException {
      try (EventWait wait = EventWait.of(lattice, found.id(), EventWait::hostStopped)) {
        Duration allowed = Duration.ofMillis(hostMillis == null ? USUAL_MILLIS : hostMillis);
        String said = control.stopHost(found.id(), allowed);
        wait.await("stop host " + found.friendlyName(), allowed.plusSeconds(2));
        return Answer.of("stopped host " + found.friendlyName())
            .with("host_id", found.id())
            .with("message", said);
      }
    }

    private Answer drain(LatticeConnection lattice, ControlClient control, HostInfo found)
        throws CommandException, InterruptedException {
      if (!control.inventory(found.id()).extra().containsKey("wattle_host")) {
        throw CommandException.failed(
                "host " + found.friendlyName() + " is no Wattle host: it cannot be drained")
            .hint("Without --drain it is stopped.");
      }
      AtomicLong cutOff = new AtomicLong();
      try (EventWait wait =
          EventWait.of(lattice, found.id(), event -> EventWait.hostDrained(event, cutOff::set))) {
        Duration allowed = Duration.ofMillis(hostMillis == null ? DRAIN_MILLIS : hostMillis);
        String said = control.drainHost(found.id(), allowed);
        wait.await("drain host " + found.friendlyName(), allowed.plusSeconds(5));
        String rest =
            cutOff.get() == 0 ? "every call was finished" : cutOff + " calls were cut off";
        return Answer.of("drained host " + found.friendlyName() + ": " + rest)
            .with("host_id", found.id())
            .with("cut_off", cutOff.get())
            .with("message", said);
      }
    }
  }
}

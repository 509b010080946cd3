package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.Group;
import io.wattle.cli.base.ImageRefs;
import io.wattle.cli.base.KeyValues;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.ScaleComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scales by hand; an application's number comes back with its next reconciliation. */
@Command(
    name = "scale",
    description = "Set how many invocations of a component may be in flight.",
    subcommands = ScaleCommand.Component.class)
public final class ScaleCommand extends Group {

  @Command(
      name = "component",
      customSynopsis = {
        "wattle scale component ID -c N [--host-id HOST]",
        "wattle scale component HOST IMAGE ID -c N     (as wash has it)"
      },
      description = "Scale a component; 0 stops it.")
  static final class Component extends LatticeCommand {
    @Parameters(arity = "1..3", paramLabel = "ID", description = "Id, or host, image and id.")
    private List<String> arguments = new ArrayList<>();

    @Option(names = "--host-id", paramLabel = "HOST", description = "Id or friendly name.")
    private @Nullable String host;

    @Option(
        names = {"-c", "--max-instances", "--max-concurrent", "--max", "--count"},
        required = true,
        paramLabel = "N",
        description = "Invocations that may be in flight.")
    private long count;

    @Option(
        names = {"-a", "--annotations"},
        paramLabel = "KEY=VALUE",
        description = "Annotations recorded with the component.")
    private List<String> annotations = new ArrayList<>();

    @Option(
        names = "--config",
        split = ",",
        paramLabel = "NAME",
        description = "Named config. May be repeated.")
    private List<String> config = new ArrayList<>();

    @Option(names = "--skip-wait", description = "Do not wait until it is done.")
    private boolean skipWait;

    @Option(
        names = "--wait-timeout-ms",
        paramLabel = "MS",
        defaultValue = "10000",
        description = "How long to wait until it is done (default: ${DEFAULT-VALUE}).")
    private long waitMillis;

    @Option(
        names = "--allow-update",
        description = "Replace the code when the id runs with another image.")
    private boolean allowUpdate;

    @Override
    protected void check() throws CommandException {
      if (arguments.size() == 2) {
        throw CommandException.usage("2 arguments (expected: ID, or HOST IMAGE ID)");
      }
      if (count < 0 || count > ScaleComponent.UNBOUNDED) {
        throw CommandException.usage(
            "--max-instances: " + count + " (expected: 0 to " + ScaleComponent.UNBOUNDED + ")");
      }
      KeyValues.parse("--annotations", annotations);
    }

    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws CommandException, InterruptedException {
      ControlClient control = new ControlClient(lattice);
      Hosts hosts = new Hosts(control, timeout(), knownHosts());
      String id = arguments.getLast();
      String target;
      String image;
      if (arguments.size() == 3) {
        target = hosts.one(arguments.get(0)).id();
        image = ImageRefs.absolute(arguments.get(1), Path.of(""));
      } else {
        HostInventory where =
            host == null
                ? hosts.running("component " + id, i -> !of(i, id).isEmpty())
                : control.inventory(hosts.one(host).id());
        if (of(where, id).isEmpty()) {
          throw CommandException.notFound(
              "component " + id + " does not run on " + where.friendlyName());
        }
        target = where.hostId();
        image = of(where, id).getFirst().imageRef();
      }
      return scale(lattice, control, target, image, id);
    }

    private Answer scale(
        LatticeConnection lattice, ControlClient control, String target, String image, String id)
        throws CommandException, InterruptedException {
      Map<String, String> notes = KeyValues.parse("--annotations", annotations);
      ScaleComponent request =
          new ScaleComponent(id, image, count, notes, null, target, config, allowUpdate, Map.of());
      try (EventWait wait = EventWait.of(lattice, target, e -> EventWait.scaled(e, id))) {
        String said = control.scale(target, request);
        if (!skipWait) {
          wait.await("scale component " + id, Duration.ofMillis(waitMillis));
        }
        String note = said.isEmpty() ? "" : " (" + said + ")";
        return Answer.of("scaled component " + id + " to " + count + note)
            .with("id", id)
            .with("max_instances", count)
            .with("host_id", target)
            .with("message", said);
      }
    }

    private static List<ComponentDescription> of(HostInventory inventory, String id) {
      return inventory.components().stream().filter(c -> c.id().equals(id)).toList();
    }
  }
}

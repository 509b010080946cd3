package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.Group;
import io.wattle.cli.base.ImageRefs;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.UpdateComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Updates by hand; an application's image comes back with its next reconciliation. */
@Command(
    name = "update",
    description = "Replace the code of a component that runs.",
    subcommands = UpdateCommand.Component.class)
public final class UpdateCommand extends Group {

  @Command(
      name = "component",
      description = "Replace the code of a component; calls that run are finished on the old one.",
      footer = {"", "Example:", "  wattle update component hello ./hello-v2.wasm"})
  static final class Component extends LatticeCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "Id it runs under.")
    private String id = "";

    @Parameters(
        index = "1",
        paramLabel = "IMAGE",
        description = "File, file:// reference or image name.")
    private String image = "";

    @Option(
        names = "--host-id",
        paramLabel = "HOST",
        description = "Id or friendly name; by default the one host on which it runs.")
    private @Nullable String host;

    @Option(names = "--skip-wait", description = "Do not wait until it is done.")
    private boolean skipWait;

    @Option(
        names = "--wait-timeout-ms",
        paramLabel = "MS",
        defaultValue = "60000",
        description = "How long to wait until it is done (default: ${DEFAULT-VALUE}).")
    private long waitMillis;

    @Override
    protected void check() throws CommandException {
      image = ImageRefs.absolute(image, Path.of(""));
    }

    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws CommandException, InterruptedException {
      ControlClient control = new ControlClient(lattice);
      String what = "component " + id;
      Predicate<HostInventory> runs =
          inventory -> inventory.components().stream().anyMatch(c -> c.id().equals(id));
      String target =
          new Hosts(control, timeout(), knownHosts()).running(what, runs, host).hostId();
      UpdateComponent request = new UpdateComponent(id, image, target, null, Map.of());
      try (EventWait wait = EventWait.of(lattice, target, e -> EventWait.scaled(e, id))) {
        String said = control.update(target, request);
        boolean same = said.contains("already updated");
        if (!skipWait && !same) {
          wait.await("update " + what, Duration.ofMillis(waitMillis));
        }
        String done = same ? " runs it already: " : skipWait ? " is to run " : " runs ";
        return Answer.of(what + done + image)
            .with("id", id)
            .with("image", image)
            .with("host_id", target)
            .with("message", said);
      }
    }
  }
}

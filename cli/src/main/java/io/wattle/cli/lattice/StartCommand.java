package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.Group;
import io.wattle.cli.base.ImageRefs;
import io.wattle.cli.base.KeyValues;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeName;
import io.wattle.lattice.control.ComponentAuction;
import io.wattle.lattice.control.ComponentAuctionAck;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.ProviderAuction;
import io.wattle.lattice.control.ProviderAuctionAck;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.control.StartProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts by hand; what applications need, their manifests start. */
@Command(
    name = "start",
    description = "Start a component or a provider.",
    subcommands = {StartCommand.Component.class, StartCommand.Provider.class})
public final class StartCommand extends Group {

  /** What both have. */
  abstract static class Start extends LatticeCommand {
    @Parameters(
        index = "0",
        paramLabel = "IMAGE",
        description = "File, file:// reference or image name.")
    String image = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Id it runs under.")
    String id = "";

    @Option(
        names = "--host-id",
        paramLabel = "HOST",
        description = "Id or friendly name of the host; by default hosts bid for it.")
    @Nullable String host;

    @Option(
        names = {"-c", "--constraint"},
        paramLabel = "LABEL=VALUE",
        description = "Labels that a bidding host must have.")
    List<String> constraints = new ArrayList<>();

    @Option(
        names = "--auction-timeout-ms",
        paramLabel = "MS",
        defaultValue = "2000",
        description = "How long hosts may bid (default: ${DEFAULT-VALUE}).")
    long auctionMillis;

    @Option(
        names = "--config",
        split = ",",
        paramLabel = "NAME",
        description = "Named config. May be repeated.")
    List<String> config = new ArrayList<>();

    @Option(names = "--skip-wait", description = "Do not wait until it runs.")
    boolean skipWait;

    @Option(
        names = "--wait-timeout-ms",
        paramLabel = "MS",
        defaultValue = "60000",
        description = "How long to wait until it runs (default: ${DEFAULT-VALUE}).")
    long waitMillis;

    @Override
    protected void check() throws CommandException {
      try {
        LatticeName.checkId(id);
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(String.valueOf(e.getMessage())).because(e);
      }
      image = ImageRefs.absolute(image, Path.of(""));
      KeyValues.parse("--constraint", constraints);
    }

    Map<String, String> labels() throws CommandException {
      return KeyValues.parse("--constraint", constraints);
    }

    Duration window() {
      return Duration.ofMillis(auctionMillis);
    }

    CommandException nobody(String what) throws CommandException {
      return CommandException.notFound(
              "no host bids for " + what + " " + id + (labels().isEmpty() ? "" : " " + labels()))
          .hint("It may run everywhere already, or no host has these labels: `wattle get hosts`.");
    }

    Answer answer(String what, String hostId, String said) {
      String note = said.isEmpty() || said.startsWith("successfully") ? "" : " (" + said + ")";
      return Answer.of((skipWait ? "asked for " : "started ") + what + " " + id + note)
          .with("id", id)
          .with("image", image)
          .with("host_id", hostId)
          .with("message", said);
    }
  }

  @Command(
      name = "component",
      description = "Start a component.",
      footer = {"", "Example:", "  wattle start component ./hello.wasm hello --max-instances 10"})
  static final class Component extends Start {
    @Option(
        names = {"--max-instances", "--max-concurrent", "--max", "--count"},
        paramLabel = "N",
        defaultValue = "1",
        description = "Invocations that may be in flight (default: ${DEFAULT-VALUE}).")
    private long count;

    @Option(
        names = "--allow-update",
        description = "Replace the code when the id runs with another image.")
    private boolean allowUpdate;

    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws CommandException, InterruptedException {
      if (count < 1 || count > ScaleComponent.UNBOUNDED) {
        throw CommandException.usage(
            "--max-instances: " + count + " (expected: 1 to " + ScaleComponent.UNBOUNDED + ")");
      }
      ControlClient control = new ControlClient(lattice);
      String target = target(control);
      ScaleComponent request =
          new ScaleComponent(
              id, image, count, Map.of(), null, target, config, allowUpdate, Map.of());
      try (EventWait wait = EventWait.of(lattice, target, e -> EventWait.scaled(e, id))) {
        String said = control.scale(target, request);
        if (!skipWait) {
          wait.await("start component " + id, Duration.ofMillis(waitMillis));
        }
        return answer("component", target, said);
      }
    }

    private String target(ControlClient control) throws CommandException, InterruptedException {
      if (host != null) {
        return new Hosts(control, timeout(), knownHosts()).one(host).id();
      }
      List<ComponentAuctionAck> bids =
          control.auction(new ComponentAuction(image, id, labels()), window(), 1);
      if (bids.isEmpty()) {
        throw nobody("component");
      }
      return bids.getFirst().hostId();
    }
  }

  @Command(
      name = "provider",
      description = "Start a provider.",
      footer = {
        "",
        "Example:",
        "  wattle start provider ghcr.io/wasmcloud/http-server:0.27.0 http-server"
      })
  static final class Provider extends Start {
    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws CommandException, InterruptedException {
      ControlClient control = new ControlClient(lattice);
      String target = target(control);
      StartProvider request = new StartProvider(id, image, target, config, Map.of(), Map.of());
      try (EventWait wait = EventWait.of(lattice, target, e -> EventWait.providerStarted(e, id))) {
        String said = control.startProvider(target, request);
        if (!skipWait) {
          wait.await("start provider " + id, Duration.ofMillis(waitMillis));
        }
        return answer("provider", target, said);
      }
    }

    private String target(ControlClient control) throws CommandException, InterruptedException {
      if (host != null) {
        return new Hosts(control, timeout(), knownHosts()).one(host).id();
      }
      List<ProviderAuctionAck> bids =
          control.auction(new ProviderAuction(image, id, labels()), window(), 1);
      if (bids.isEmpty()) {
        throw nobody("provider");
      }
      return bids.getFirst().hostId();
    }
  }
}

package io.wattle.cli.up;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.DataDir;
import io.wattle.cli.base.KeyValues;
import io.wattle.cli.log.Logging;
import io.wattle.host.Host;
import io.wattle.host.HostException;
import io.wattle.host.HostOptions;
import io.wattle.host.provider.BuiltinProviders;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One host, in this process. */
@Command(
    name = "host",
    description =
        "Run a host in the foreground: it joins a lattice and runs components and providers until"
            + " Ctrl-C, SIGTERM or `wattle stop host`. WATTLE_MEMORY is its memory.",
    footer = {
      "",
      "Examples:",
      "  wattle host --join wattle1...            with the token of `wattle up --listen`",
      "  wattle host --join lattice.token --label zone=b",
      "  wattle host --nats-url nats://10.0.0.5:4222 --name kitchen",
      "  wattle host --data /var/lib/wattle/two   a second one on this machine"
    })
public final class HostCommand extends PartCommand {
  private static final Duration DRAIN = Duration.ofSeconds(10);

  @Option(
      names = {"-l", "--label"},
      paramLabel = "KEY=VALUE",
      description = "Label that spreads ask for. May be repeated.")
  private List<String> labels = new ArrayList<>();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Its name for people (default: the one it had, or a made-up one).")
  private @Nullable String name;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Its identity, compiled components, log (default: hosts/joined in WATTLE_HOME).")
  private @Nullable Path data;

  @Option(
      names = "--http-admin",
      paramLabel = "[ADDR:]PORT",
      description = "Serve /metrics, /livez and /readyz; 0 for any free port.")
  private @Nullable String admin;

  @Option(
      names = "--max-execution-time-ms",
      paramLabel = "MS",
      defaultValue = "60000",
      description = "How long one invocation may take (default: ${DEFAULT-VALUE}).")
  private long maxExecutionMillis;

  @Option(
      names = "--max-component-size-bytes",
      paramLabel = "BYTES",
      defaultValue = "52428800",
      description = "The largest component (default: ${DEFAULT-VALUE}).")
  private long maxComponentBytes;

  @Option(
      names = "--allow-file-load",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether file:// images may be loaded (default: ${DEFAULT-VALUE}).")
  private boolean allowFileLoad;

  @Option(
      names = "--builtin-providers",
      paramLabel = "prefer|never",
      defaultValue = "prefer",
      description = "Whether wasmCloud's images mean our providers (default: ${DEFAULT-VALUE}).")
  private BuiltinProviders.Policy builtinProviders = BuiltinProviders.Policy.PREFER;

  private Path folder = Path.of("");
  private @Nullable InetSocketAddress adminAddress;

  @Override
  protected void check() throws CommandException {
    atLeastOne("--max-execution-time-ms", maxExecutionMillis);
    atLeastOne("--max-component-size-bytes", maxComponentBytes);
    adminAddress = AdminAddress.parse(admin);
    KeyValues.parse("--label", labels);
    DataDir usual = DataDir.of(System.getenv());
    folder = data == null ? usual.joinedHost() : data.toAbsolutePath();
    new DataDir(folder).create();
    Logging.toFile(folder.resolve("host.log"));
  }

  private static void atLeastOne(String option, long value) throws CommandException {
    if (value < 1) {
      throw CommandException.usage(option + ": " + value + " (expected: >= 1)");
    }
  }

  @Override
  protected Part start(LatticeOptions lattice) throws CommandException, InterruptedException {
    HostOptions.Builder options =
        HostOptions.builder(lattice, folder)
            .log(Logging.hostLog())
            .labels(KeyValues.parse("--label", labels))
            .maxInvocation(Duration.ofMillis(maxExecutionMillis))
            .maxComponentBytes(maxComponentBytes)
            .allowFileLoad(allowFileLoad)
            .builtinProviders(builtinProviders);
    if (name != null) {
      options.friendlyName(name);
    }
    if (adminAddress != null) {
      options.admin(adminAddress);
    }
    try {
      return new RunningPart(Host.start(options.build()), lattice, adminAddress);
    } catch (HostException e) {
      LatticeException lost = latticeFailure(e);
      if (lost != null) {
        throw lost;
      }
      throw CommandException.failed("the host cannot start: " + e.getMessage())
          .hint("A second host on this machine needs a folder of its own: --data DIR.")
          .because(e);
    }
  }

  /** The host that runs. */
  private record RunningPart(Host host, LatticeOptions lattice, @Nullable InetSocketAddress admin)
      implements Part {
    @Override
    public Answer ready() {
      StringBuilder text = new StringBuilder();
      text.append("host ")
          .append(host.friendlyName())
          .append(' ')
          .append(host.id())
          .append(" is ready in lattice ")
          .append(lattice.lattice())
          .append(" at ")
          .append(lattice.url());
      Answer answer =
          Answer.of("")
              .with("id", host.id())
              .with("name", host.friendlyName())
              .with("lattice", lattice.lattice());
      if (admin != null && host.adminPort().isPresent()) {
        String url = AdminAddress.url(admin, host.adminPort().getAsInt());
        text.append("\nmetrics ").append(url).append("/metrics    (and /livez, /readyz)");
        answer = answer.with("admin_url", url);
      }
      return new Answer(text.toString(), answer.data());
    }

    @Override
    public void awaitStop() throws InterruptedException {
      host.awaitStop();
    }

    @Override
    public void stop() throws InterruptedException {
      host.stop(DRAIN);
    }
  }
}

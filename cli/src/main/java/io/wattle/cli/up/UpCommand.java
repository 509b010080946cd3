package io.wattle.cli.up;

import io.wattle.cli.app.ManifestSource;
import io.wattle.cli.app.PreparedManifest;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.DataDir;
import io.wattle.cli.base.KeyValues;
import io.wattle.cli.log.Logging;
import io.wattle.lattice.LatticeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts NATS, a control plane and hosts, deploys manifests, and stays until it is stopped. */
@Command(
    name = "up",
    description =
        "Start NATS with JetStream, a control plane and a host, and deploy manifests. Data lives in"
            + " $$WATTLE_HOME, else in the user's data folder, and stays over down and up.",
    footer = {
      "",
      "Examples:",
      "  wattle up wadm-manifests/http-counter.yaml",
      "  wattle up -d --hosts 3 --label zone=a --host-label 3:zone=b",
      "  wattle up --nats-port 0         NATS on any free port",
      "  wattle up --listen 10.0.0.5     other machines may join, with the token it prints",
      "  wattle up --nats-url nats://10.0.0.5:4222"
    })
public final class UpCommand extends BaseCommand {
  @Parameters(arity = "0..*", paramLabel = "MANIFEST", description = "Manifests to deploy.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = {"-d", "--detach", "--detached"},
      description = "Return when everything is ready; `wattle down` stops it.")
  private boolean detach;

  @Option(names = Detached.CHILD, hidden = true, description = "Be the detached supervisor.")
  private boolean detachedChild;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "How many hosts: the first in the supervisor's JVM, each further one in its own"
              + " (default: ${DEFAULT-VALUE}).")
  private int hosts;

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "Label of all hosts. May be repeated.")
  private List<String> labels = new ArrayList<>();

  @Option(
      names = "--host-label",
      paramLabel = "N:KEY=VALUE",
      description = "Label of host N, from 1 on. May be repeated.")
  private List<String> hostLabels = new ArrayList<>();

  @Option(
      names = {"-x", "--lattice"},
      paramLabel = "NAME",
      defaultValue = LatticeName.DEFAULT,
      description = "Lattice (default: ${DEFAULT-VALUE}).")
  private String lattice = LatticeName.DEFAULT;

  @Option(
      names = "--nats-url",
      paramLabel = "URL",
      description = "Use this NATS server, nats://[user:password@]host:port; start none.")
  private @Nullable String natsUrl;

  @Option(
      names = "--nats-port",
      paramLabel = "PORT",
      defaultValue = "4222",
      description = "Where to start NATS; 0 for any free port (default: ${DEFAULT-VALUE}).")
  private int natsPort;

  @Option(
      names = "--listen",
      paramLabel = "ADDR[:PORT]",
      description =
          "Let other machines join: NATS listens at this address of the machine (0.0.0.0 for all),"
              + " with TLS. Without it NATS listens on loopback.")
  private @Nullable String listen;

  @Option(
      names = "--advertise",
      paramLabel = "HOST[:PORT]",
      description = "How else others reach this machine; goes into the token. May be repeated.")
  private List<String> advertised = new ArrayList<>();

  @Option(
      names = "--new-token",
      description = "With --listen: new credentials and certificates, so that old tokens end.")
  private boolean newToken;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "0",
      description = "Copies of what is stored in JetStream (default: 3 in a cluster, else 1).")
  private int replicas;

  @Option(
      names = "--http-admin",
      paramLabel = "PORT",
      description = "Serve /metrics, /livez and /readyz of the first host; 0 for any free port.")
  private @Nullable Integer adminPort;

  @Option(
      names = "--max-execution-time-ms",
      paramLabel = "MS",
      defaultValue = "60000",
      description = "How long one invocation may take (default: ${DEFAULT-VALUE}).")
  private long maxExecutionMillis;

  @Option(
      names = "--image",
      paramLabel = "NAME=REF",
      description = "Image of a component in the place of the manifest's. May be repeated.")
  private List<String> images = new ArrayList<>();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long each application may take (default: ${DEFAULT-VALUE}).")
  private long timeoutSeconds;

  @Override
  protected Answer execute(Console console) throws CommandException, InterruptedException {
    DataDir dataDir = DataDir.of(System.getenv());
    UpOptions options = options(dataDir);
    dataDir.create();
    if (detach && !detachedChild) {
      SupervisorLock.take(dataDir, Instant.now()).close();
      List<String> arguments = spec().root().commandLine().getParseResult().originalArgs();
      return Detached.start(dataDir, arguments, console);
    }
    return supervise(options, console);
  }

  private UpOptions options(DataDir dataDir) throws CommandException {
    if (hosts < 1) {
      throw CommandException.usage("--hosts: " + hosts + " (expected: >= 1)");
    }
    port("--nats-port", natsPort);
    if (replicas < 0 || replicas > 5) {
      throw CommandException.usage("--replicas: " + replicas + " (expected: 0 to 5)");
    }
    if (maxExecutionMillis < 1) {
      throw CommandException.usage(
          "--max-execution-time-ms: " + maxExecutionMillis + " (expected: >= 1)");
    }
    if (adminPort != null) {
      port("--http-admin", adminPort);
    }
    try {
      LatticeName.checkLattice(lattice);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage())).because(e);
    }
    List<PreparedManifest> manifests = new ArrayList<>();
    for (String file : files) {
      manifests.add(
          PreparedManifest.of(ManifestSource.read(file), KeyValues.parse("--image", images)));
    }
    return new UpOptions(
        dataDir,
        manifests,
        hosts,
        HostLabels.parse(labels, hostLabels, hosts),
        lattice,
        natsUrl,
        natsPort,
        listening(),
        replicas,
        adminPort,
        Duration.ofMillis(maxExecutionMillis),
        Duration.ofSeconds(timeoutSeconds));
  }

  private @Nullable Listen listening() throws CommandException {
    if (listen == null) {
      if (newToken || !advertised.isEmpty()) {
        throw CommandException.usage("--new-token, --advertise: without --listen nobody can join");
      }
      return null;
    }
    if (natsUrl != null) {
      throw CommandException.usage(
          "--listen and --nats-url (expected: one of them; a server that runs listens already)");
    }
    return Listen.parse(listen, natsPort, advertised, newToken);
  }

  private static void port(String option, int port) throws CommandException {
    if (port < 0 || port > 65535) {
      throw CommandException.usage(option + ": " + port + " (expected: 0 to 65535)");
    }
  }

  private Answer supervise(UpOptions options, Console console)
      throws CommandException, InterruptedException {
    Announcer announcer =
        detachedChild ? new PipeAnnouncer(System.out) : new ConsoleAnnouncer(console);
    if (detachedChild) {
      Session.detach();
    }
    Logging.toFile(options.dataDir().logs().resolve("wattle.log"));
    Supervisor supervisor = new Supervisor(options, announcer);
    Thread atExit = new Thread(() -> stopAtExit(supervisor, console), "stop-at-exit");
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      Supervisor.Started started = supervisor.start();
      deploy(options, started, announcer);
      supervisor.awaitStop();
      return Answer.NONE;
    } catch (CommandException e) {
      supervisor.close();
      if (detachedChild) {
        announcer.failed(e);
      }
      throw e;
    } catch (RuntimeException | Error e) {
      if (detachedChild) {
        supervisor.close();
        announcer.failed(CommandException.failed("unexpected: " + e).because(e));
      }
      throw e;
    } finally {
      supervisor.close();
    }
  }

  /** In the foreground a failure is shown and the rest goes on, so that it can be looked into. */
  private void deploy(UpOptions options, Supervisor.Started started, Announcer announcer)
      throws CommandException, InterruptedException {
    String end = detachedChild ? "`wattle down` stops it" : "press Ctrl-C to stop";
    try {
      List<String> hostIds = started.hosts().stream().map(RunningHost::id).toList();
      announcer.ready(
          new Applications(options, announcer, end)
              .deploy(started.lattice(), hostIds, started.answer()));
    } catch (CommandException e) {
      if (detachedChild) {
        throw e;
      }
      announcer.failed(e);
      announcer.progress("The rest goes on running; press Ctrl-C to stop it.");
    }
  }

  /** Ctrl-C and SIGTERM: a stop in good order, which is no failure. */
  private void stopAtExit(Supervisor supervisor, Console console) {
    if (supervisor.isStopped()) {
      return;
    }
    if (!detachedChild) {
      console.progress("stopping ...");
    }
    supervisor.close();
    if (!detachedChild) {
      console.progress("stopped");
    }
    Runtime.getRuntime().halt(0);
  }
}

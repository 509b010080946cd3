package io.wattle.cli.up;

import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.DataDir;
import io.wattle.cli.base.ExitCode;
import io.wattle.cli.connect.Failures;
import io.wattle.cli.connect.JoinToken;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.nats.NatsServer;
import io.wattle.lattice.nats.NatsServerBinary;
import io.wattle.lattice.tls.Tls;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NATS with JetStream: a server of our own, which is started again on the same port when it dies,
 * or one that runs already.
 */
final class NatsPart implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NatsPart.class);

  private final LatticeOptions lattice;
  private final String row;
  private final @Nullable JoinToken token;
  private final AtomicReference<@Nullable NatsServer> server;
  private volatile boolean closed;

  private NatsPart(
      LatticeOptions lattice, String row, @Nullable JoinToken token, @Nullable NatsServer server) {
    this.lattice = lattice;
    this.row = row;
    this.token = token;
    this.server = new AtomicReference<>(server);
    if (server != null) {
      watch(server);
    }
  }

  static NatsPart start(UpOptions options, Announcer announcer)
      throws CommandException, InterruptedException {
    NatsPart part =
        options.natsUrl() == null ? own(options, announcer) : given(options.natsUrl(), options);
    try {
      check(part.lattice);
      return part;
    } catch (CommandException | InterruptedException e) {
      part.close();
      throw e;
    }
  }

  private static NatsPart own(UpOptions options, Announcer announcer)
      throws CommandException, InterruptedException {
    DataDir dataDir = options.dataDir();
    try {
      NatsServerBinary binary =
          NatsServerBinary.find(NatsServerBinary.defaultCache(), announcer::progress);
      announcer.progress("starting nats-server " + binary.version() + " (" + binary.path() + ")");
      Gate gate =
          options.listen() == null ? null : Gate.open(dataDir, options.listen(), Instant.now());
      NatsServer server = NatsServer.start(binary, serverOptions(options, gate));
      if (!server.syncsAlways()) {
        announcer.progress(
            "nats-server "
                + binary.version()
                + " is older than 2.10: what it acknowledged may be lost when the power fails");
      }
      String row =
          Rows.wide(
              "nats-server " + binary.version(),
              "JetStream",
              server.url() + "    (started; data in " + dataDir.root() + ")");
      LatticeOptions lattice =
          LatticeOptions.of(server.url(), options.lattice())
              .with(server.credentials())
              .withReplicas(options.replicas());
      return gate == null
          ? new NatsPart(lattice, row, null, server)
          : new NatsPart(
              lattice.with(new Tls.PinnedCa(gate.authority().fingerprint())),
              row,
              gate.token(options.lattice(), server.port()),
              server);
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      CommandException failure = CommandException.failed(message).because(e);
      throw message.contains("is taken by")
          ? failure.hint(
              "`wattle up --nats-port 0` takes any free port; `--nats-url` uses a server that"
                  + " runs.")
          : failure;
    }
  }

  private static NatsServer.Options serverOptions(UpOptions options, @Nullable Gate gate) {
    NatsServer.Options server = NatsServer.Options.in(options.dataDir().nats());
    return gate == null
        ? server.withPort(options.natsPort())
        : server
            .withHost(gate.listen().host())
            .withPort(gate.listen().port())
            .withCredentials(gate.credentials())
            .withTls(gate.certificate());
  }

  private static NatsPart given(String url, UpOptions options) throws CommandException {
    try {
      String shown = url.replaceAll("//[^@/]*@", "//");
      return new NatsPart(
          LatticeOptions.of(url, options.lattice()).withReplicas(options.replicas()),
          Rows.wide("nats-server", "JetStream", shown + "    (was running)"),
          null,
          null);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--nats-url: " + e.getMessage()).because(e);
    }
  }

  /** That it is reached and has JetStream. */
  private static void check(LatticeOptions lattice) throws CommandException, InterruptedException {
    try (LatticeConnection connection = LatticeConnection.connect(lattice)) {
      connection.requireJetStream();
    } catch (LatticeException e) {
      CommandException failure = Failures.of(e);
      throw failure.exitCode() == ExitCode.UNREACHABLE
          ? failure.hint("Without --nats-url `wattle up` starts a server of its own.")
          : failure;
    }
  }

  private void watch(NatsServer running) {
    running.onExit(
        () -> {
          if (!closed && server.compareAndSet(running, null)) {
            Thread.ofPlatform().name("nats-again").start(() -> restart(running));
          }
        });
  }

  private void restart(NatsServer before) {
    log.warn("nats-server has ended; starting it again on port {}", before.port());
    try {
      NatsServer next = NatsServer.start(before.binary(), before.options().withPort(before.port()));
      server.set(next);
      if (closed) {
        next.close();
        return;
      }
      watch(next);
    } catch (IOException e) {
      log.error("nats-server does not start again: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How to connect. */
  LatticeOptions lattice() {
    return lattice;
  }

  /** What lets other machines in, null when they cannot join. */
  @Nullable JoinToken token() {
    return token;
  }

  /** Its line of the summary. */
  String row() {
    return row;
  }

  @Override
  public void close() {
    closed = true;
    NatsServer running = server.getAndSet(null);
    if (running != null) {
      running.close();
    }
  }
}

package io.wattle.cli.up;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.DataDir;
import io.wattle.cli.log.Logging;
import io.wattle.controlplane.ControlPlane;
import io.wattle.host.admin.AdminServer;
import io.wattle.lattice.LatticeOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One control plane, in this process. */
@Command(
    name = "control-plane",
    description =
        "Run a control plane in the foreground, until Ctrl-C or SIGTERM. It keeps all its state in"
            + " JetStream; two of them on different machines outlive the loss of one.",
    footer = {
      "",
      "Examples:",
      "  wattle control-plane --join wattle1...",
      "  wattle control-plane --nats-url nats://10.0.0.5:4222 --http-admin 0.0.0.0:9091"
    })
public final class ControlPlaneCommand extends PartCommand {
  @Option(
      names = "--http-admin",
      paramLabel = "[ADDR:]PORT",
      description = "Serve /metrics, /livez and /readyz; 0 for any free port.")
  private @Nullable String admin;

  private @Nullable InetSocketAddress adminAddress;

  @Override
  protected void check() throws CommandException {
    adminAddress = AdminAddress.parse(admin);
    DataDir dataDir = DataDir.of(System.getenv());
    new DataDir(dataDir.logs()).create();
    Logging.toFile(dataDir.logs().resolve("control-plane.log"));
  }

  @Override
  protected Part start(LatticeOptions lattice) throws CommandException, InterruptedException {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ControlPlane plane =
        ControlPlane.start(
            lattice.withConnectionName("wattle control plane"), metrics, InstantSource.system());
    try {
      return new RunningPart(
          plane, lattice, serve(plane, metrics), adminAddress, new CountDownLatch(1));
    } catch (CommandException e) {
      plane.close();
      throw e;
    }
  }

  private @Nullable AdminServer serve(ControlPlane plane, PrometheusMeterRegistry metrics)
      throws CommandException {
    if (adminAddress == null) {
      return null;
    }
    try {
      return new AdminServer(adminAddress, metrics, () -> Optional.ofNullable(plane.notReady()));
    } catch (IOException e) {
      throw CommandException.failed("--http-admin: " + admin + ": " + e.getMessage()).because(e);
    }
  }

  /** The control plane that runs. */
  private record RunningPart(
      ControlPlane plane,
      LatticeOptions lattice,
      @Nullable AdminServer server,
      @Nullable InetSocketAddress admin,
      CountDownLatch stopped)
      implements Part {
    @Override
    public Answer ready() {
      String text = "control plane is ready at " + lattice.url();
      Answer answer = Answer.of("").with("nats_url", lattice.url());
      if (server != null && admin != null) {
        String url = AdminAddress.url(admin, server.port());
        text += "\nmetrics " + url + "/metrics    (and /livez, /readyz)";
        answer = answer.with("admin_url", url);
      }
      return new Answer(text, answer.data());
    }

    @Override
    public void awaitStop() throws InterruptedException {
      stopped.await();
    }

    @Override
    public void stop() {
      plane.close();
      if (server != null) {
        server.close();
      }
      stopped.countDown();
    }
  }
}

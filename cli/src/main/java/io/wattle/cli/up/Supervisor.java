package io.wattle.cli.up;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.ConnectionFile;
import io.wattle.cli.base.DataDir;
import io.wattle.cli.base.Json;
import io.wattle.cli.connect.JoinToken;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that {@code up} starts, and the way it ends: in the reverse order, once, whoever asks
 * for it (Ctrl-C, SIGTERM, {@code down}, a failure at start).
 */
final class Supervisor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
  static final Duration DRAIN = Duration.ofSeconds(10);

  private final UpOptions options;
  private final Announcer announcer;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Instant since = Instant.now();
  private final Deque<Part> parts = new ArrayDeque<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** What was started. */
  record Started(LatticeOptions lattice, List<RunningHost> hosts, Answer answer) {}

  /** Something to be stopped. */
  private record Part(String name, Stop stop) {}

  /** How something is stopped. */
  @FunctionalInterface
  private interface Stop {
    void run() throws IOException, InterruptedException;
  }

  Supervisor(UpOptions options, Announcer announcer) {
    this.options = options;
    this.announcer = announcer;
  }

  /**
   * Starts all parts; the answer tells what there is.
   *
   * @throws CommandException when a part does not start; call {@link #close} then
   */
  Started start() throws CommandException, InterruptedException {
    DataDir dataDir = options.dataDir();
    SupervisorLock lock = SupervisorLock.take(dataDir, since);
    started("lock", lock::close);
    ControlSocket socket = ControlSocket.open(dataDir, this::answer);
    started("control socket", socket::close);
    NatsPart nats = NatsPart.start(options, announcer);
    started("nats-server", nats::close);
    ConnectionFile connection = writeConnection(nats, socket.path());
    List<RunningHost> hosts = startHosts(nats.lattice());
    write(connection.withHosts(hosts.stream().map(RunningHost::id).toList()));
    announcer.progress("starting the control plane");
    ControlPlanePart controlPlane = ControlPlanePart.start(nats.lattice(), metrics);
    started("control plane", controlPlane::close);

    announcer.line(nats.row());
    hosts.forEach(host -> announcer.line(Rows.row("host", host.name(), "ready", "")));
    announcer.line(Rows.row("control plane", "", "ready", ""));
    String admin = admin(hosts.getFirst());
    if (!admin.isEmpty()) {
      announcer.line(Rows.wide("metrics", "", admin + "/metrics    (and /livez, /readyz)"));
    }
    Map<String, Object> data = new LinkedHashMap<>();
    JoinToken token = nats.token();
    if (token != null) {
      announcer.line("  on another machine: wattle host --join " + token.text());
      data.put("join_token", token.text());
    }
    data.put("pid", ProcessHandle.current().pid());
    data.put("nats_url", nats.lattice().url());
    data.put("lattice", options.lattice());
    data.put("data_dir", dataDir.toString());
    data.put("hosts", hosts.stream().map(Supervisor::json).toList());
    data.put("admin_url", admin);
    return new Started(nats.lattice(), hosts, new Answer("", data));
  }

  /** Where the host serves metrics and readiness, empty for nowhere. */
  private static String admin(RunningHost host) {
    return host instanceof LocalHost local && local.host().adminPort().isPresent()
        ? "http://127.0.0.1:" + local.host().adminPort().getAsInt()
        : "";
  }

  private static Map<String, Object> json(RunningHost host) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", host.id());
    json.put("name", host.name());
    return json;
  }

  private List<RunningHost> startHosts(LatticeOptions lattice)
      throws CommandException, InterruptedException {
    announcer.progress(options.hosts() == 1 ? "starting a host" : "starting hosts");
    List<RunningHost> hosts = new ArrayList<>();
    for (int number = 1; number <= options.hosts(); number++) {
      Path dataDir = options.dataDir().host(number);
      RunningHost host =
          number == 1
              ? LocalHost.start(
                  lattice,
                  dataDir,
                  options.labels().of(number),
                  options.maxInvocation(),
                  options.adminPort(),
                  metrics)
              : startChild(lattice, number, dataDir);
      started("host " + host.name(), () -> host.stop(DRAIN));
      hosts.add(host);
    }
    return hosts;
  }

  private SupervisedHost startChild(LatticeOptions lattice, int number, Path dataDir)
      throws CommandException, InterruptedException {
    Path logs = options.dataDir().logs();
    HostSettings settings =
        HostSettings.of(
            lattice,
            options.labels().of(number),
            options.maxInvocation().toMillis(),
            dataDir.toString(),
            logs.resolve("host-" + number + ".log").toString());
    Path errors = logs.resolve("host-" + number + ".err");
    return SupervisedHost.start(() -> HostChild.start(settings, options.hosts(), errors));
  }

  private ConnectionFile writeConnection(NatsPart nats, Path socket) throws CommandException {
    LatticeOptions lattice = nats.lattice();
    JoinToken token = nats.token();
    String user = null;
    String password = null;
    if (lattice.credentials() instanceof Credentials.UserPassword known) {
      user = known.user();
      password = known.password();
    }
    DataDir dataDir = options.dataDir();
    ConnectionFile connection =
        new ConnectionFile(
            ProcessHandle.current().pid(),
            since.toString(),
            lattice.url(),
            user,
            password,
            token == null ? null : token.authority().sha256(),
            token == null ? null : token.text(),
            lattice.lattice(),
            socket.toString(),
            List.of());
    write(connection);
    started("connection file", () -> Files.deleteIfExists(dataDir.connectionFile()));
    return connection;
  }

  private void write(ConnectionFile connection) throws CommandException {
    try {
      connection.write(options.dataDir());
    } catch (IOException e) {
      throw CommandException.failed(
              "cannot write " + options.dataDir().connectionFile() + ": " + e.getMessage())
          .because(e);
    }
  }

  private synchronized void started(String name, Stop stop) {
    parts.push(new Part(name, stop));
  }

  /** What the control socket answers. */
  private String answer(String request) {
    if (request.equals("stop")) {
      Thread.ofPlatform().name("stop").start(this::close);
    }
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("pid", ProcessHandle.current().pid());
    status.put("since", since.toString());
    status.put("stopping", request.equals("stop") || stopping.get());
    return Json.compact(status);
  }

  /** Whether everything has stopped. */
  boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** Waits until everything has stopped. */
  void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /** Stops all parts, the last one first, and returns when they have stopped. Idempotent. */
  @Override
  public void close() {
    if (stopping.compareAndSet(false, true)) {
      try {
        stopParts();
      } finally {
        stopped.countDown();
      }
    }
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopParts() {
    Part part = next();
    while (part != null) {
      log.info("stopping {}", part.name());
      try {
        part.stop().run();
      } catch (IOException | RuntimeException e) {
        log.warn("{} did not stop in good order", part.name(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      part = next();
    }
  }

  private synchronized @Nullable Part next() {
    return parts.poll();
  }
}

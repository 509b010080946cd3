package io.wattle.host;

import io.wattle.host.admin.AdminServer;
import io.wattle.host.identity.Identity;
import io.wattle.host.identity.IdentityException;
import io.wattle.lattice.ConnectionState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.control.ControlSubjects;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.StopHost;
import io.wattle.wit.io.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process's membership in a lattice: it announces itself, takes commands, and runs components and
 * providers until it is stopped. While NATS is away it goes on serving what runs here, and
 * announces itself again when NATS is back.
 */
public final class Host implements AutoCloseable {
  /** The version of all parts, plain semver. */
  public static final String VERSION = "0.1.0";

  private static final Logger LOG = LoggerFactory.getLogger(Host.class);
  private static final Duration TAKEN_CHECK = Duration.ofSeconds(1);

  private final HostOptions options;
  private final Identity identity;
  private final LatticeConnection connection;
  private volatile HostState state = HostState.STARTING;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Membership membership;
  private final @Nullable AdminServer admin;

  private Host(HostOptions options, Identity identity, LatticeConnection connection)
      throws InterruptedException, IOException {
    this.options = options;
    this.identity = identity;
    this.connection = connection;
    this.admin =
        options.admin().isPresent()
            ? new AdminServer(options.admin().get(), options.metrics(), this::notReady)
            : null;
    try {
      this.membership = Membership.join(options, identity, connection, this::stopLater);
    } catch (RuntimeException | InterruptedException e) {
      if (admin != null) {
        admin.close();
      }
      throw e;
    }
  }

  /**
   * Joins the lattice. When this returns the host takes commands.
   *
   * @throws HostException when the lattice is not reached, has no JetStream, or another host has
   *     this identity
   */
  public static Host start(HostOptions options) throws HostException, InterruptedException {
    Identity identity = null;
    LatticeConnection connection = null;
    boolean started = false;
    try {
      identity = Identity.open(options.dataDir(), options.friendlyName());
      connection =
          LatticeConnection.connect(
              options.lattice().withConnectionName("wattle host " + identity.friendlyName()));
      refuseTaken(identity, connection);
      Host host = new Host(options, identity, connection);
      host.become(HostState.RUNNING);
      started = true;
      return host;
    } catch (IdentityException | LatticeException e) {
      throw new HostException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new HostException("admin address " + options.admin() + ": " + e.getMessage(), e);
    } finally {
      if (!started) {
        if (connection != null) {
          connection.close();
        }
        if (identity != null) {
          identity.close();
        }
      }
    }
  }

  /** The public server nkey. */
  public String id() {
    return identity.id();
  }

  public String friendlyName() {
    return identity.friendlyName();
  }

  public HostState state() {
    return state;
  }

  /** Why it is not ready, empty when it is. */
  public Optional<String> notReady() {
    HostState now = state;
    if (now != HostState.RUNNING) {
      return Optional.of("the host is " + now.name().toLowerCase(java.util.Locale.ROOT));
    }
    return connection.state() == ConnectionState.CONNECTED
        ? Optional.empty()
        : Optional.of("NATS is not reached at " + options.lattice().url());
  }

  /** The port of metrics and readiness, if they are served. */
  public OptionalInt adminPort() {
    return admin == null ? OptionalInt.empty() : OptionalInt.of(admin.port());
  }

  /** What runs here. */
  public HostInventory inventory() {
    return membership.facts().inventory();
  }

  /**
   * Leaves the lattice: takes nothing new, finishes what runs within the time, says goodbye.
   * Idempotent; a second caller waits for the first.
   */
  public void stop(Duration within) throws InterruptedException {
    stop(within, false);
  }

  private void stop(Duration within, boolean drain) throws InterruptedException {
    if (!beginStop()) {
      awaitStop();
      return;
    }
    LOG.info("host {} is being stopped", friendlyName());
    Deadline deadline = Deadline.in(within);
    try {
      membership.leave(deadline, drain);
    } finally {
      if (admin != null) {
        admin.close();
      }
      connection.close();
      identity.close();
      become(HostState.STOPPED);
      stopped.countDown();
    }
  }

  /** Waits until the host has stopped, whoever stopped it. */
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /** Stops within the usual drain time. */
  @Override
  public void close() {
    try {
      stop(options.drain());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopLater(StopHost request) {
    Thread.ofPlatform()
        .name("host-stop")
        .start(
            () -> {
              try {
                stop(request.deadline(), request.drain());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** Whether it was this call that began to stop the host. */
  private synchronized boolean beginStop() {
    if (state != HostState.RUNNING) {
      return false;
    }
    become(HostState.DRAINING);
    return true;
  }

  private synchronized void become(HostState next) {
    if (!state.next().contains(next)) {
      throw new IllegalStateException(state + " -> " + next + " (expected: " + state.next() + ")");
    }
    state = next;
  }

  private static void refuseTaken(Identity identity, LatticeConnection connection)
      throws HostException, InterruptedException {
    ControlSubjects subjects =
        new ControlSubjects(connection.options().controlPrefix(), connection.lattice());
    try {
      connection.request(subjects.hostGet(identity.id()), new byte[0], TAKEN_CHECK);
    } catch (LatticeException e) {
      switch (e.kind()) {
        case NO_RESPONDERS -> {
          return;
        }
        case TIMEOUT -> {
          LOG.warn("somebody listens as {} but does not answer; taken for dead", identity.id());
          return;
        }
        default -> throw e;
      }
    }
    throw new HostException(
        "a host with the identity "
            + identity.id()
            + " is in lattice "
            + connection.lattice()
            + " already (was a data directory copied? delete host.nk in this one)");
  }
}

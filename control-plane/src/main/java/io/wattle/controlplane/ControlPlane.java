package io.wattle.controlplane;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.wattle.controlplane.api.StatusBoard;
import io.wattle.controlplane.api.WadmApi;
import io.wattle.controlplane.lease.Lease;
import io.wattle.controlplane.reconcile.Reconciler;
import io.wattle.controlplane.store.AppRecord;
import io.wattle.controlplane.store.AppStore;
import io.wattle.lattice.ConnectionState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeName;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.event.EventSubscriber;
import io.wattle.lattice.event.ReceivedEvent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane: answers the wadm API and keeps every lattice it sees as its deployed
 * applications want it. All state is in JetStream; it may be killed at any moment. Of several, all
 * answer, and the one that holds the lease acts.
 */
public final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
  private static final long FIRST_SECONDS = 10;

  private final LatticeConnection connection;
  private final boolean ownsConnection;
  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Lease lease;
  private final StatusBoard statuses;
  private final AppStore store;
  private final Map<String, Reconciler> reconcilers = new ConcurrentHashMap<>();
  private final List<AutoCloseable> parts = new ArrayList<>();
  private volatile boolean closed;
  private volatile boolean wasLost;

  private ControlPlane(
      LatticeConnection connection,
      boolean ownsConnection,
      MeterRegistry registry,
      InstantSource clock)
      throws InterruptedException {
    this.connection = connection;
    this.ownsConnection = ownsConnection;
    this.registry = registry;
    this.clock = clock;
    connection.requireJetStream();
    this.lease = Lease.open(connection, clock, this::wakeAll);
    this.statuses = new StatusBoard(connection, lease);
    this.store = AppStore.open(connection, clock);
  }

  /**
   * Connects and starts; when it returns the API answers.
   *
   * @throws LatticeException when NATS is not reached or JetStream is off; the message says what to
   *     do
   */
  public static ControlPlane start(
      LatticeOptions options, MeterRegistry registry, InstantSource clock)
      throws InterruptedException {
    LatticeConnection connection = LatticeConnection.connect(options);
    try {
      return start(connection, true, registry, clock);
    } catch (LatticeException | InterruptedException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Starts on a connection that somebody else closes; when it returns the API answers.
   *
   * @throws LatticeException when JetStream cannot be used; the message says what to do
   */
  public static ControlPlane start(
      LatticeConnection connection, MeterRegistry registry, InstantSource clock)
      throws InterruptedException {
    return start(connection, false, registry, clock);
  }

  private static ControlPlane start(
      LatticeConnection connection, boolean owns, MeterRegistry registry, InstantSource clock)
      throws InterruptedException {
    ControlPlane plane = new ControlPlane(connection, owns, registry, clock);
    try {
      plane.begin();
      return plane;
    } catch (LatticeException | InterruptedException e) {
      plane.stopParts();
      throw e;
    }
  }

  private void begin() throws InterruptedException {
    lease.start();
    Gauge.builder("wattle.controlplane.leader", lease, held -> held.held() ? 1 : 0)
        .description("Whether this control plane is the one that acts")
        .register(registry);
    parts.add(EventSubscriber.subscribeAll(connection, this::event));
    CountDownLatch told = new CountDownLatch(1);
    Subscription watch =
        store.watch(
            new AppStore.Listener() {
              @Override
              public void app(String lattice, String name, @Nullable AppRecord record) {
                reconciler(lattice, r -> r.app(name, record));
              }

              @Override
              public void current() {
                told.countDown();
              }
            });
    parts.add(watch);
    if (!told.await(FIRST_SECONDS, TimeUnit.SECONDS)) {
      throw new LatticeException(
          LatticeException.Kind.TIMEOUT,
          "the applications in JetStream were not read within " + FIRST_SECONDS + " s");
    }
    parts.add(connection.onState(this::state));
    parts.add(WadmApi.start(connection, store, statuses, clock));
  }

  /** Whether it can do its work now. */
  public boolean ready() {
    return notReady() == null;
  }

  /** Why it cannot do its work now, null when it can. */
  public @Nullable String notReady() {
    if (closed) {
      return "stopped";
    }
    return switch (connection.state()) {
      case CONNECTED -> null;
      case LOST -> "NATS at " + connection.options().url() + " is not reached";
      case CLOSED -> "the connection is closed";
    };
  }

  private void event(ReceivedEvent event) {
    if (LatticeName.isValid(event.lattice())) {
      reconciler(event.lattice(), r -> r.event(event));
    }
  }

  private void reconciler(String lattice, java.util.function.Consumer<Reconciler> action) {
    if (!closed) {
      action.accept(
          reconcilers.computeIfAbsent(
              lattice,
              name -> {
                LOG.info("looking after lattice {}", name);
                return Reconciler.start(
                    connection.forLattice(name), lease, store, statuses, registry, clock);
              }));
    }
  }

  /** Whether it is the one that acts. */
  public boolean leads() {
    return lease.held();
  }

  private void wakeAll() {
    reconcilers.values().forEach(Reconciler::wake);
  }

  private void state(ConnectionState state) {
    switch (state) {
      case LOST -> wasLost = true;
      case CONNECTED -> {
        if (wasLost) {
          wasLost = false;
          lease.wake();
          reconcilers.values().forEach(Reconciler::reconnected);
        }
      }
      case CLOSED -> {
        // Whoever closed it closes us too.
      }
    }
  }

  /** Stops; applications go on running. */
  @Override
  public void close() {
    closed = true;
    stopParts();
    if (ownsConnection) {
      connection.close();
    }
  }

  private void stopParts() {
    closed = true;
    for (AutoCloseable part : parts.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.debug("a part did not close: {}", e.getMessage());
      }
    }
    reconcilers.values().forEach(Reconciler::close);
    reconcilers.clear();
    // Last: who takes over must not meet a command of ours.
    lease.close();
  }
}

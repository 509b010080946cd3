package io.wattle.controlplane.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.wattle.controlplane.api.StatusBoard;
import io.wattle.controlplane.plan.Action;
import io.wattle.controlplane.plan.AppStatus;
import io.wattle.controlplane.plan.Attempts;
import io.wattle.controlplane.plan.Observed;
import io.wattle.controlplane.plan.Plan;
import io.wattle.controlplane.plan.Planner;
import io.wattle.controlplane.plan.StatusType;
import io.wattle.controlplane.reconcile.ReconcileMetrics.Outcome;
import io.wattle.controlplane.store.AppRecord;
import io.wattle.controlplane.store.AppStore;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.event.ReceivedEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one lattice as its applications want it, on a thread of its own. */
public final class Reconciler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final Duration TICK = Duration.ofSeconds(2);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration AT_ONCE = Duration.ofMillis(100);

  private final LatticeConnection connection;
  private final StatusBoard statuses;
  private final InstantSource clock;
  private final DesiredState desired;
  private final ControlClient control;
  private final HostWatch hosts;
  private final ReconcileMetrics metrics;
  private final Cleanup cleanup;
  private final Attempts attempts = new Attempts();
  private final ConcurrentLinkedQueue<ReceivedEvent> failures = new ConcurrentLinkedQueue<>();
  private final Semaphore wake = new Semaphore(1);
  private final Thread thread;
  private volatile boolean closed;
  private @Nullable StateWatch state;
  private boolean complained;

  private Reconciler(
      LatticeConnection connection,
      AppStore store,
      StatusBoard statuses,
      MeterRegistry registry,
      InstantSource clock) {
    this.connection = connection;
    this.statuses = statuses;
    this.clock = clock;
    this.desired = new DesiredState(connection.lattice(), store);
    this.control = new ControlClient(connection);
    this.hosts = new HostWatch(connection.lattice(), control, clock, this::wake);
    this.metrics = new ReconcileMetrics(registry, connection.lattice());
    this.cleanup = new Cleanup(connection.lattice(), store);
    this.thread =
        Thread.ofPlatform().name("reconcile-" + connection.lattice()).daemon().unstarted(this::run);
  }

  /** Begins; {@code connection} is that of the lattice. */
  public static Reconciler start(
      LatticeConnection connection,
      AppStore store,
      StatusBoard statuses,
      MeterRegistry registry,
      InstantSource clock) {
    Reconciler reconciler = new Reconciler(connection, store, statuses, registry, clock);
    reconciler.thread.start();
    return reconciler;
  }

  /** Says what is known of an application now; null when it is gone. */
  public void app(String name, @Nullable AppRecord record) {
    desired.record(name, record);
    wake();
  }

  /** Takes an event of the lattice. */
  public void event(ReceivedEvent event) {
    if (event.event() instanceof LatticeEvent.ComponentScaleFailed
        || event.event() instanceof LatticeEvent.ProviderStartFailed) {
      failures.add(event);
    }
    if (hosts.heard(event)) {
      wake();
    }
  }

  /** NATS was away and is back. */
  public void reconnected() {
    hosts.reconnected();
    wake();
  }

  private void wake() {
    // One permit is enough: whoever wakes up sees everything that happened before.
    if (wake.availablePermits() == 0) {
      wake.release();
    }
  }

  private void run() {
    Duration pause = Duration.ZERO;
    while (!closed) {
      try {
        if (wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
        // Also while there is nothing to do: the first deploy then need not wait for it.
        hosts.discover();
        pause = closed || desired.isEmpty() ? TICK : round();
        complained = false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (LatticeException e) {
        complain(e.getMessage());
        pause = SOON;
      } catch (RuntimeException e) {
        LOG.error("lattice {}: a round failed; the next one begins anew", connection.lattice(), e);
        pause = SOON;
      }
    }
  }

  /** Once for each outage: it is tried every second. */
  private void complain(@Nullable String why) {
    if (!complained && !closed) {
      LOG.warn("lattice {}: {}; trying again every second", connection.lattice(), why);
      complained = true;
    }
  }

  /** One round; how long the next one may take to come. */
  private Duration round() throws InterruptedException {
    Timer.Sample sample = metrics.begin();
    StateWatch watch = state();
    var seen = hosts.look();
    noteFailures();
    Instant now = clock.instant();
    attempts.expire(now);
    Plan plan =
        Planner.plan(
            desired.read(),
            new Observed(now, seen, watch.links(), watch.configs(), attempts.snapshot()));
    attempts.settle(plan, now);
    for (AppStatus status : plan.apps()) {
      publish(status);
    }
    metrics.apps(plan.apps());
    boolean sent = send(plan, new Sender(control, watch));
    cleanup.after(plan.apps(), desired, now);
    metrics.end(sample);
    return pause(plan, sent, now);
  }

  private StateWatch state() throws InterruptedException {
    StateWatch watch = state;
    if (watch == null) {
      watch = new StateWatch(connection, this::wake);
      state = watch;
    }
    return watch;
  }

  private void publish(AppStatus status) {
    AppRecord record = desired.record(status.app());
    // A deploy that came in meanwhile makes this status old news; its own comes with the next
    // round.
    if (record != null
        && record.deployment() == status.deployment()
        && statuses.publish(connection.lattice(), status)) {
      LOG.info(
          "lattice {}: {} {}: {} {}",
          connection.lattice(),
          status.app(),
          status.version() == null ? "" : status.version(),
          status.type().wire(),
          status.message());
    }
  }

  private void noteFailures() {
    for (ReceivedEvent event = failures.poll(); event != null; event = failures.poll()) {
      Instant now = clock.instant();
      Action failed =
          switch (event.event()) {
            case LatticeEvent.ComponentScaleFailed e ->
                attempts.failed(
                    Action.onHost("component", e.componentId(), event.source()), e.error(), now);
            case LatticeEvent.ProviderStartFailed e ->
                attempts.failed(
                    Action.onHost("provider", e.providerId(), event.source()), e.error(), now);
            default -> null;
          };
      if (failed != null) {
        metrics.action(failed, Outcome.FAILED);
      }
    }
  }

  private boolean send(Plan plan, Sender sender) throws InterruptedException {
    Set<String> mute = new HashSet<>();
    for (Action action : plan.actions()) {
      String host = host(action);
      if (closed) {
        return false;
      }
      if (host.isEmpty() || !mute.contains(host)) {
        attempts.begin(action, clock.instant());
        Outcome outcome = send(action, sender);
        metrics.action(action, outcome);
        if (outcome == Outcome.UNANSWERED && !host.isEmpty()) {
          mute.add(host);
        }
      }
    }
    return !plan.actions().isEmpty();
  }

  private Outcome send(Action action, Sender sender) throws InterruptedException {
    try {
      LOG.debug("lattice {}: {}", connection.lattice(), action);
      sender.send(action);
      return Outcome.ACCEPTED;
    } catch (LatticeException e) {
      String why = e.getMessage() == null ? e.kind().toString() : e.getMessage();
      attempts.failed(action.key(), why, clock.instant());
      LOG.warn("lattice {}: {} failed: {}", connection.lattice(), action.key(), why);
      return e.kind() == LatticeException.Kind.REFUSED ? Outcome.REFUSED : Outcome.UNANSWERED;
    } catch (IllegalArgumentException e) {
      // An id or name that cannot be sent at all, which a manifest may nevertheless contain.
      attempts.failed(action.key(), String.valueOf(e.getMessage()), clock.instant());
      return Outcome.REFUSED;
    }
  }

  private static String host(Action action) {
    return switch (action) {
      case Action.ScaleComponent scale -> scale.hostId();
      case Action.StartProvider start -> start.hostId();
      case Action.StopProvider stop -> stop.hostId();
      case Action.PutConfig put -> "";
      case Action.DeleteConfig delete -> "";
      case Action.PutLink put -> "";
      case Action.DeleteLink delete -> "";
    };
  }

  private Duration pause(Plan plan, boolean sent, Instant now) {
    // What a host knows may be a moment behind what the buckets say: look again before the tick.
    boolean unfinished =
        plan.apps().stream()
            .anyMatch(s -> s.type() == StatusType.RECONCILING || s.type() == StatusType.UNHEALTHY);
    Duration pause = sent ? AT_ONCE : unfinished || hosts.doubtful() ? SOON : TICK;
    Instant retryAt = plan.retryAt();
    if (retryAt != null) {
      Duration until = Duration.between(now, retryAt).plusMillis(1);
      pause = until.compareTo(pause) < 0 ? until : pause;
    }
    return pause.isNegative() ? Duration.ZERO : pause;
  }

  /** Stops; what was sent goes on in the lattice. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(TICK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    hosts.close();
    StateWatch watch = state;
    if (watch != null) {
      watch.close();
    }
  }
}

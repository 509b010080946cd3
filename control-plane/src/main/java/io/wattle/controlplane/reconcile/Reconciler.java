package io.wattle.controlplane.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.wattle.controlplane.api.StatusBoard;
import io.wattle.controlplane.lease.Lease;
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
import io.wattle.lattice.kv.Bucket;
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

  /** A host that dies is found out by the next look; a thousand hosts are asked half as often. */
  private static final Duration TICK = Duration.ofSeconds(1);

  private static final Duration TICK_FOR_EACH_HOST = Duration.ofMillis(1);
  private static final Duration CLOSING = Duration.ofSeconds(2);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration AT_ONCE = Duration.ofMillis(100);

  private final LatticeConnection connection;
  private final Lease lease;
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
  private boolean leading;

  private Reconciler(
      LatticeConnection connection,
      Lease lease,
      AppStore store,
      StatusBoard statuses,
      MeterRegistry registry,
      InstantSource clock) {
    this.connection = connection;
    this.lease = lease;
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

  /** Begins; {@code connection} is that of the lattice; it acts while the lease is held. */
  public static Reconciler start(
      LatticeConnection connection,
      Lease lease,
      AppStore store,
      StatusBoard statuses,
      MeterRegistry registry,
      InstantSource clock) {
    Reconciler reconciler = new Reconciler(connection, lease, store, statuses, registry, clock);
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

  /** Something has changed: looks at once. */
  public void wake() {
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
        pause = closed || !leads() || desired.isEmpty() ? tick() : round();
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

  /** Whether it is ours to act; what was known before somebody else acted is forgotten. */
  private boolean leads() {
    if (!lease.held()) {
      leading = false;
      failures.clear();
      return false;
    }
    if (!leading) {
      leading = true;
      attempts.clear();
      hosts.takeOver();
    }
    return true;
  }

  /** One round; how long the next one may take to come. */
  private Duration round() throws InterruptedException {
    Timer.Sample sample = metrics.begin();
    StateWatch watch = state();
    var seen = hosts.look();
    if (!hosts.settled()) {
      return AT_ONCE;
    }
    metrics.hosts(seen.size());
    noteFailures();
    Instant now = clock.instant();
    attempts.seenAtWork(seen, now);
    attempts.expire(now);
    Plan plan =
        Planner.plan(
            desired.read(),
            new Observed(now, seen, watch.links(), watch.configs(), attempts.snapshot()));
    attempts.settle(plan, now);
    for (AppStatus status : plan.apps()) {
      if (lease.held()) {
        publish(status);
      }
    }
    metrics.apps(plan.apps());
    boolean sent = send(plan, new Sender(control, watch));
    if (!sent && lease.held()) {
      // Nothing is needed now. A host that does not hear of it is told again with the next round.
      plan.prepare().forEach(p -> control.prepare(p.hostId(), p.image()));
    }
    if (lease.held()) {
      cleanup.after(plan.apps(), desired, now);
    }
    metrics.end(sample);
    return pause(plan, sent);
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
                failed(Action.onHost("component", e.componentId(), event.source()), e.error(), now);
            case LatticeEvent.ProviderStartFailed e ->
                failed(Action.onHost("provider", e.providerId(), event.source()), e.error(), now);
            default -> null;
          };
      if (failed != null) {
        metrics.action(failed, Outcome.FAILED);
      }
    }
  }

  /** A host writes to buckets when it starts something, too. */
  private @Nullable Action failed(String key, String error, Instant now) {
    return failed(key, error, Bucket.saysAway(error), now);
  }

  private @Nullable Action failed(String key, String error, boolean away, Instant now) {
    return away ? attempts.failedForNow(key, error, now) : attempts.failed(key, error, now);
  }

  private boolean send(Plan plan, Sender sender) throws InterruptedException {
    Set<String> mute = new HashSet<>();
    for (Action action : plan.actions()) {
      String host = host(action);
      // Right before each one: whoever was stopped in between must not act on what it knew then.
      if (closed || !lease.held()) {
        return false;
      }
      if (host.isEmpty() || !(mute.contains(host) || hosts.mute(host))) {
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
      var _ = failed(action.key(), why, writes(action) && isAway(e, why), clock.instant());
      LOG.warn("lattice {}: {} failed: {}", connection.lattice(), action.key(), why);
      return e.kind() == LatticeException.Kind.REFUSED ? Outcome.REFUSED : Outcome.UNANSWERED;
    } catch (IllegalArgumentException e) {
      // An id or name that cannot be sent at all, which a manifest may nevertheless contain.
      attempts.failed(action.key(), String.valueOf(e.getMessage()), clock.instant());
      return Outcome.REFUSED;
    }
  }

  /** Whether all that an action does is to write to the lattice's buckets. */
  private static boolean writes(Action action) {
    return switch (action) {
      case Action.PutConfig _, Action.DeleteConfig _, Action.PutLink _, Action.DeleteLink _ -> true;
      case Action.ScaleComponent _, Action.StartProvider _, Action.StopProvider _ -> false;
    };
  }

  /** Whether the bucket cannot be written now, by what the host says or by its silence. */
  private static boolean isAway(LatticeException e, String why) {
    return switch (e.kind()) {
      case TIMEOUT, UNREACHABLE -> true;
      case REFUSED, NO_JETSTREAM -> Bucket.saysAway(why);
      case NO_RESPONDERS, NOT_ALLOWED, MALFORMED, CONFLICT -> false;
    };
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

  private Duration pause(Plan plan, boolean sent) {
    Instant now = clock.instant();
    // What a host knows may be a moment behind what the buckets say: look again before the tick.
    boolean unfinished =
        plan.apps().stream()
            .anyMatch(s -> s.type() == StatusType.RECONCILING || s.type() == StatusType.UNHEALTHY);
    Duration pause = sent ? AT_ONCE : unfinished ? SOON : tick();
    Instant until = hosts.lookAgainAt();
    Instant retryAt = plan.retryAt();
    if (retryAt != null && retryAt.isBefore(until)) {
      until = retryAt;
    }
    if (until.isBefore(now.plus(pause))) {
      pause = Duration.between(now, until).plusMillis(1);
    }
    return pause.isNegative() ? Duration.ZERO : pause;
  }

  private Duration tick() {
    return TICK.plus(TICK_FOR_EACH_HOST.multipliedBy(hosts.count()));
  }

  /** Stops; what was sent goes on in the lattice. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(CLOSING);
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

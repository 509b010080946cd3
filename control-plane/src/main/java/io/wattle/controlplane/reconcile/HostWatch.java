package io.wattle.controlplane.reconcile;

import io.wattle.controlplane.plan.ObservedHost;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.event.ReceivedEvent;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which hosts of a lattice are alive, and what runs on them. A host is asked for its inventory
 * whenever somebody looks; nobody listening for it twice, half a second apart, is its death, and so
 * are 8 s of silence. Any answer and any event is a sign of life, so that hosts with a slow
 * heartbeat are not silent. A host that does not answer holds nobody up but once.
 */
final class HostWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);
  private static final Duration SILENCE = Duration.ofSeconds(8);
  private static final Duration SECOND_LOOK = Duration.ofMillis(500);
  private static final Duration ANSWER = Duration.ofSeconds(1);

  /** How long hosts may be at work by order of the control plane before us. */
  private static final Duration INHERITING = Duration.ofSeconds(30);

  private static final Duration PING_EVERY = Duration.ofSeconds(10);

  /**
   * What is known of a host.
   *
   * @param heard when it last gave a sign of life
   * @param missedAt when nobody listened for it, {@link Instant#MAX} when somebody does
   * @param mute whether it left the last question without an answer
   */
  private record Known(Instant heard, Instant missedAt, boolean mute) {
    static Known alive(Instant now) {
      return new Known(now, Instant.MAX, false);
    }

    Known missed(Instant now) {
      return missedAt.equals(Instant.MAX) ? new Known(heard, now, mute) : this;
    }

    Known silent() {
      return new Known(heard, Instant.MAX, true);
    }
  }

  private final String lattice;
  private final ControlClient control;
  private final InstantSource clock;
  private final Runnable wake;
  private final Map<String, Known> hosts = new ConcurrentHashMap<>();
  private final Map<String, HostInventory> inventories = new ConcurrentHashMap<>();
  private final Set<String> sickProviders = ConcurrentHashMap.newKeySet();
  private final Map<String, Future<?>> questions = new ConcurrentHashMap<>();
  private final ExecutorService asking =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ask-host-", 0).factory());
  private volatile Instant pinged = Instant.MIN;
  private volatile Instant forgiving = Instant.MIN;
  private volatile Instant inheritingUntil = Instant.MIN;
  private volatile Instant settledAt = Instant.MIN;

  HostWatch(String lattice, ControlClient control, InstantSource clock, Runnable wake) {
    this.lattice = lattice;
    this.control = control;
    this.clock = clock;
    this.wake = wake;
  }

  /** Takes what an event says about a host; whether it is a reason to look. */
  boolean heard(ReceivedEvent event) {
    String host = event.source();
    return switch (event.event()) {
      case LatticeEvent.HostStopped stopped -> {
        forget(host);
        yield true;
      }
      case LatticeEvent.HostHeartbeat beat -> beat(host);
      case LatticeEvent.HealthCheckFailed sick ->
          sickProviders.add(key(sick.hostId(), sick.providerId()));
      case LatticeEvent.HealthCheckPassed well ->
          sickProviders.remove(key(well.hostId(), well.providerId()));
      case LatticeEvent.HealthCheckStatus same -> false;
      case LatticeEvent.HostStarted started -> seen(host);
      case LatticeEvent.LabelsChanged changed -> seen(host);
      case LatticeEvent.ComponentScaled scaled -> seen(host);
      case LatticeEvent.ComponentScaleFailed failed -> seen(host);
      case LatticeEvent.ProviderStarted started -> seen(host);
      case LatticeEvent.ProviderStartFailed failed -> seen(host);
      case LatticeEvent.ProviderStopped stopped -> seen(host);
      case LatticeEvent.LinkSet set -> false;
      case LatticeEvent.LinkSetFailed failed -> false;
      case LatticeEvent.LinkDeleted deleted -> false;
      case LatticeEvent.ConfigSet set -> false;
      case LatticeEvent.ConfigDeleted deleted -> false;
      case LatticeEvent.Other other -> false;
    };
  }

  private boolean seen(String host) {
    beat(host);
    return true;
  }

  /** A sign of life, which is no answer; whether it is a reason to look. */
  private boolean beat(String host) {
    Instant now = clock.instant();
    Known before = hosts.put(host, Known.alive(now));
    return before == null || before.mute() || !before.missedAt().equals(Instant.MAX);
  }

  private void forget(String host) {
    hosts.remove(host);
    inventories.remove(host);
    questions.remove(host);
    sickProviders.removeIf(key -> key.startsWith(host + " "));
  }

  private static String key(String host, String provider) {
    return host + " " + provider;
  }

  /** NATS was away: hosts get time to come back before their absence means anything. */
  void reconnected() {
    Instant now = clock.instant();
    forgiving = now.plus(SILENCE);
    hosts.replaceAll((id, known) -> Known.alive(now));
    pinged = Instant.MIN;
  }

  /**
   * We did not ask for a while, because another one did: what is known of a host counts from now
   * on.
   */
  void takeOver() {
    Instant now = clock.instant();
    inheritingUntil = now.plus(INHERITING);
    settledAt = now.plus(SILENCE);
    hosts.replaceAll((id, known) -> Known.alive(now));
  }

  /** Asks every host; those that are alive, with what runs on them. */
  List<ObservedHost> look() throws InterruptedException {
    discover();
    Map<String, Future<?>> awaited = new HashMap<>();
    hosts.forEach(
        (host, known) -> {
          Future<?> question = ask(host);
          if (!known.mute()) {
            awaited.put(host, question);
          }
        });
    Deadline deadline = Deadline.in(ANSWER);
    for (Map.Entry<String, Future<?>> question : awaited.entrySet()) {
      try {
        question.getValue().get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Its answer still counts when it comes: a slow host is not a dead one.
        hosts.computeIfPresent(question.getKey(), (id, known) -> known.silent());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof LatticeException unreachable) {
          throw unreachable;
        }
        throw new IllegalStateException("a host could not be asked", e);
      }
    }
    bury();
    boolean inheriting = clock.instant().isBefore(inheritingUntil);
    List<ObservedHost> alive = new ArrayList<>();
    hosts.forEach(
        (id, known) -> {
          HostInventory inventory = inventories.get(id);
          if (inventory != null) {
            alive.add(Inventories.host(inventory, !known.mute(), inheriting, this::sick));
          }
        });
    return alive;
  }

  /**
   * Whether enough is known to act on: just after the start or a take-over, a host that is there
   * and has not said yet what it runs would have its part started elsewhere.
   */
  boolean settled() {
    return !clock.instant().isBefore(settledAt) || inventories.keySet().containsAll(hosts.keySet());
  }

  /** Whether a host left the last question without an answer: it would not answer another. */
  boolean mute(String host) {
    Known known = hosts.get(host);
    return known != null && known.mute();
  }

  /** How many there are. */
  int count() {
    return hosts.size();
  }

  private boolean sick(String host, String provider) {
    return sickProviders.contains(key(host, provider));
  }

  /** Finds hosts that have sent no event since we listen: all at first, and again now and then. */
  void discover() throws InterruptedException {
    Instant now = clock.instant();
    if (pinged.equals(Instant.MIN)) {
      // The whole window: a host that is not seen now has its components started elsewhere.
      control.pingHosts(ANSWER).forEach(this::found);
      pinged = now;
    } else if (!now.isBefore(pinged.plus(PING_EVERY))) {
      pinged = now;
      asking.execute(this::pingInBackground);
    }
  }

  private void pingInBackground() {
    try {
      control.pingHosts(ANSWER).forEach(this::found);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (LatticeException e) {
      LOG.debug("lattice {}: no ping: {}", lattice, e.getMessage());
    }
  }

  private void found(HostInfo host) {
    if (hosts.putIfAbsent(host.id(), Known.alive(clock.instant())) == null) {
      wake.run();
    }
  }

  /** One question to a host at a time: the one under way, or a new one. */
  private Future<?> ask(String host) {
    Future<?> before = questions.get(host);
    if (before != null && !before.isDone()) {
      return before;
    }
    Future<?> question =
        asking.submit(
            () -> {
              askNow(host);
              return null;
            });
    questions.put(host, question);
    return question;
  }

  private void askNow(String host) throws InterruptedException {
    try {
      HostInventory inventory = control.inventory(host, SILENCE);
      Known before = hosts.get(host);
      if (hosts.computeIfPresent(host, (id, k) -> Known.alive(clock.instant())) != null) {
        inventories.put(host, inventory);
        if (before != null && before.mute()) {
          wake.run();
        }
      }
    } catch (LatticeException e) {
      switch (e.kind()) {
        case NO_RESPONDERS -> hosts.computeIfPresent(host, (id, k) -> k.missed(clock.instant()));
        case TIMEOUT -> LOG.debug("host {}: {}", host, e.getMessage());
        case REFUSED, MALFORMED, CONFLICT -> {
          LOG.warn("host {} gives no inventory: {}", host, e.getMessage());
          hosts.computeIfPresent(host, (id, k) -> Known.alive(clock.instant()));
        }
        case UNREACHABLE, NOT_ALLOWED, NO_JETSTREAM -> throw e;
      }
    }
  }

  /**
   * When a host has to be looked at again, to tell dead from restarting or from silent; {@link
   * Instant#MAX} when all are well.
   */
  Instant lookAgainAt() {
    Instant at = Instant.MAX;
    for (Known known : hosts.values()) {
      if (!known.missedAt().equals(Instant.MAX)) {
        Instant second = known.missedAt().plus(SECOND_LOOK);
        at = earlier(at, second.isBefore(forgiving) ? forgiving : second);
      }
      if (known.mute()) {
        at = earlier(at, known.heard().plus(SILENCE));
      }
    }
    return at;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private void bury() {
    Instant now = clock.instant();
    boolean mild = now.isBefore(forgiving);
    hosts.forEach(
        (id, known) -> {
          boolean gone =
              !mild
                  && !known.missedAt().equals(Instant.MAX)
                  && !now.isBefore(known.missedAt().plus(SECOND_LOOK));
          boolean silent = !now.isBefore(known.heard().plus(SILENCE));
          if ((gone || silent) && hosts.remove(id, known)) {
            forget(id);
            LOG.info(
                "lattice {}: host {} is dead ({})",
                lattice,
                id,
                gone ? "nobody listens for it" : "silent for " + SILENCE.toSeconds() + " s");
          }
        });
  }

  @Override
  public void close() {
    asking.shutdownNow();
  }
}

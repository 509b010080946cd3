package io.wattle.controlplane.reconcile;

import io.wattle.controlplane.plan.ObservedHost;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.event.ReceivedEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which hosts of a lattice are alive, and what runs on them. A host is asked for its inventory
 * whenever somebody looks; nobody listening for it twice, a second apart, is its death, and so are
 * 8 s of silence.
 */
final class HostWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);
  private static final Duration SILENCE = Duration.ofSeconds(8);
  private static final Duration SECOND_LOOK = Duration.ofSeconds(1);
  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final Duration PING_EVERY = Duration.ofSeconds(10);

  /**
   * What is known of a host.
   *
   * @param heard when it last gave a sign of life
   * @param missedAt when nobody listened for it, {@link Instant#MAX} when somebody does
   */
  private record Known(Instant heard, Instant missedAt) {
    static Known alive(Instant now) {
      return new Known(now, Instant.MAX);
    }
  }

  private final String lattice;
  private final ControlClient control;
  private final InstantSource clock;
  private final Runnable wake;
  private final Map<String, Known> hosts = new ConcurrentHashMap<>();
  private final Map<String, HostInventory> inventories = new ConcurrentHashMap<>();
  private final Set<String> sickProviders = ConcurrentHashMap.newKeySet();
  private final ExecutorService asking =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ask-host-", 0).factory());
  private volatile Instant pinged = Instant.MIN;
  private volatile Instant forgiving = Instant.MIN;

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
        hosts.remove(host);
        yield true;
      }
      case LatticeEvent.HostHeartbeat beat -> hosts.put(host, Known.alive(clock.instant())) == null;
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
    hosts.put(host, Known.alive(clock.instant()));
    return true;
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

  /** Asks every host; those that are alive, with what runs on them. */
  List<ObservedHost> look() throws InterruptedException {
    discover();
    List<Callable<Void>> questions = new ArrayList<>();
    for (String host : hosts.keySet()) {
      questions.add(
          () -> {
            ask(host);
            return null;
          });
    }
    for (Future<Void> answer : asking.invokeAll(questions)) {
      try {
        answer.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof LatticeException unreachable) {
          throw unreachable;
        }
        throw new IllegalStateException("a host could not be asked", e);
      }
    }
    bury();
    return hosts.keySet().stream()
        .sorted()
        .filter(inventories::containsKey)
        .map(id -> Inventories.host(inventories.getOrDefault(id, Inventories.NONE), this::sick))
        .toList();
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

  private void ask(String host) throws InterruptedException {
    try {
      inventories.put(host, control.inventory(host, ANSWER));
      hosts.computeIfPresent(host, (id, known) -> Known.alive(clock.instant()));
    } catch (LatticeException e) {
      switch (e.kind()) {
        case NO_RESPONDERS -> hosts.computeIfPresent(host, (id, known) -> missed(known));
        case TIMEOUT, CONFLICT -> LOG.debug("host {}: {}", host, e.getMessage());
        case REFUSED, MALFORMED -> LOG.warn("host {} gives no inventory: {}", host, e.getMessage());
        case UNREACHABLE, NOT_ALLOWED, NO_JETSTREAM -> throw e;
      }
    }
  }

  private Known missed(Known known) {
    return known.missedAt().equals(Instant.MAX) ? new Known(known.heard(), clock.instant()) : known;
  }

  /** Whether somebody has to look again soon, to tell dead from restarting. */
  boolean doubtful() {
    return hosts.values().stream().anyMatch(known -> !known.missedAt().equals(Instant.MAX));
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
            inventories.remove(id);
            sickProviders.removeIf(key -> key.startsWith(id + " "));
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

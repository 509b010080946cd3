package io.wattle.chaos;

import io.nats.client.Dispatcher;
import io.wattle.cli.base.ConnectionFile;
import io.wattle.cli.base.DataDir;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.ProviderDescription;
import io.wattle.lattice.event.EventSubscriber;
import io.wattle.lattice.event.ReceivedEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What the hosts themselves say that they run, and what passes between them. */
final class LatticeView implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LatticeConnection connection;
  private final ControlClient control;

  private LatticeView(LatticeConnection connection) {
    this.connection = connection;
    this.control = new ControlClient(connection);
  }

  /** The lattice that an {@code up} with this data directory has made. */
  static LatticeView of(Wattle wattle) throws InterruptedException {
    ConnectionFile file = ConnectionFile.read(new DataDir(wattle.home()));
    if (file == null) {
      throw new AssertionError("nothing is up in " + wattle.home());
    }
    LatticeOptions options = LatticeOptions.of(file.natsUrl(), file.lattice());
    return of(
        file.user() == null || file.password() == null
            ? options
            : options.with(new Credentials.UserPassword(file.user(), file.password())));
  }

  static LatticeView of(LatticeOptions options) throws InterruptedException {
    return new LatticeView(
        LatticeConnection.connect(options.withTimeouts(PATIENCE, Duration.ofSeconds(10))));
  }

  LatticeConnection connection() {
    return connection;
  }

  /** Asks hosts. */
  ControlClient control() {
    return control;
  }

  /**
   * On which hosts a component runs, with how many instances.
   *
   * @param hosts whom to ask; one that does not answer runs nothing
   */
  Map<String, Long> instances(String component, Collection<String> hosts)
      throws InterruptedException {
    Map<String, Long> instances = new TreeMap<>();
    for (String host : hosts) {
      for (ComponentDescription running : inventory(host).components()) {
        if (running.id().equals(component)) {
          instances.merge(host, running.maxInstances(), Long::sum);
        }
      }
    }
    return instances;
  }

  /** The hosts that run a provider. */
  Set<String> providers(String provider, Collection<String> hosts) throws InterruptedException {
    Set<String> running = new TreeSet<>();
    for (String host : hosts) {
      for (ProviderDescription described : inventory(host).providers()) {
        if (described.id().equals(provider)) {
          running.add(host);
        }
      }
    }
    return running;
  }

  /** Whether a host is there. */
  boolean answers(String host) throws InterruptedException {
    return inventory(host).hostId().equals(host);
  }

  private HostInventory inventory(String host) throws InterruptedException {
    try {
      return control.inventory(host, ANSWER);
    } catch (LatticeException e) {
      return switch (e.kind()) {
        case NO_RESPONDERS, TIMEOUT, UNREACHABLE -> NOTHING;
        case CONFLICT, REFUSED, MALFORMED, NOT_ALLOWED, NO_JETSTREAM -> throw e;
      };
    }
  }

  private static final HostInventory NOTHING =
      new HostInventory("", "", Map.of(), "", "", 0, List.of(), List.of(), Map.of());

  /** Hears of everything that happens, from now on. */
  Subscription listen(Consumer<ReceivedEvent> listener) throws InterruptedException {
    Subscription subscription = EventSubscriber.subscribe(connection, listener);
    connection.flush(PATIENCE);
    return subscription;
  }

  /** Counts the calls of a component or provider that go over NATS, from now on. */
  Tap tap(String target) {
    return new Tap(target);
  }

  /** Calls between hosts, as they pass. A call within a host does not pass here. */
  final class Tap implements AutoCloseable {
    private final AtomicLong calls = new AtomicLong();
    private final Dispatcher dispatcher;

    private Tap(String target) {
      dispatcher = connection.nats().createDispatcher(message -> calls.incrementAndGet());
      dispatcher.subscribe(connection.lattice() + "." + target + ".wrpc.>");
    }

    /** How many have passed. */
    long calls() {
      return calls.get();
    }

    @Override
    public void close() {
      if (dispatcher.isActive()) {
        connection.nats().closeDispatcher(dispatcher);
      }
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}

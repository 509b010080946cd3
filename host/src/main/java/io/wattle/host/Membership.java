package io.wattle.host;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.wattle.host.admin.CallMetrics;
import io.wattle.host.admin.HostMetrics;
import io.wattle.host.call.CallRouter;
import io.wattle.host.component.ComponentEngine;
import io.wattle.host.component.ComponentServices;
import io.wattle.host.component.Components;
import io.wattle.host.component.Images;
import io.wattle.host.control.Heartbeat;
import io.wattle.host.control.HostControl;
import io.wattle.host.control.HostFacts;
import io.wattle.host.control.Labels;
import io.wattle.host.control.Uptime;
import io.wattle.host.event.Events;
import io.wattle.host.identity.Identity;
import io.wattle.host.link.Agreement;
import io.wattle.host.link.LatticeState;
import io.wattle.host.provider.BuiltinProviders;
import io.wattle.host.provider.ProviderServices;
import io.wattle.host.provider.Providers;
import io.wattle.host.watch.Spies;
import io.wattle.host.watch.Watching;
import io.wattle.host.work.SerialTasks;
import io.wattle.lattice.ConnectionState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.call.CallReports;
import io.wattle.lattice.control.ControlServer;
import io.wattle.lattice.control.StopHost;
import io.wattle.lattice.event.EventPublisher;
import io.wattle.lattice.wrpc.AsyncShapeResolver;
import io.wattle.lattice.wrpc.WrpcClient;
import io.wattle.lattice.wrpc.WrpcOptions;
import io.wattle.lattice.wrpc.WrpcServer;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything a host has while it is in a lattice, put together in order and taken apart in turn.
 */
final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final Duration READ_STATE = Duration.ofSeconds(30);
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  private final LatticeConnection connection;
  private final Events events;
  private final HostFacts facts;
  private final WrpcServer server;
  private final Deque<AutoCloseable> openings;

  private Membership(
      LatticeConnection connection,
      Events events,
      HostFacts facts,
      WrpcServer server,
      Deque<AutoCloseable> openings) {
    this.connection = connection;
    this.events = events;
    this.facts = facts;
    this.server = server;
    this.openings = openings;
  }

  /**
   * Joins.
   *
   * @param stopHost called when the lattice tells the host to stop
   */
  static Membership join(
      HostOptions options,
      Identity identity,
      LatticeConnection connection,
      Consumer<StopHost> stopHost)
      throws InterruptedException {
    Deque<AutoCloseable> openings = new ArrayDeque<>();
    try {
      return join(options, identity, connection, stopHost, openings);
    } catch (RuntimeException | InterruptedException e) {
      closeAll(openings);
      throw e;
    }
  }

  HostFacts facts() {
    return facts;
  }

  /**
   * Leaves: nothing new, what runs is finished until the deadline.
   *
   * @param drain whether goodbye is said before, so that others begin to take over, or at the end
   */
  void leave(Deadline deadline, boolean drain) throws InterruptedException {
    try {
      closeFirst(ControlServer.class);
      closeFirst(Heartbeat.class);
      if (drain) {
        goodbye();
      }
      facts.providers().stopCallers(deadline);
      int cutOff = facts.components().stopAll(deadline);
      facts.providers().stopAll(deadline);
      server.drain(deadline.left());
      if (drain) {
        events.hostDrained(cutOff);
        connection.flush(GOODBYE);
      } else {
        goodbye();
      }
    } catch (LatticeException e) {
      LOG.warn("left without goodbye: {}", e.getMessage());
    } finally {
      closeAll(openings);
    }
  }

  private void goodbye() throws InterruptedException {
    events.hostStopped(facts.labels().all());
    connection.flush(GOODBYE);
  }

  private static Membership join(
      HostOptions options,
      Identity identity,
      LatticeConnection connection,
      Consumer<StopHost> stopHost,
      Deque<AutoCloseable> openings)
      throws InterruptedException {
    Ticker ticker = Ticker.SYSTEM;
    bindJvmMetrics(options);
    LatticeState state = opened(openings, LatticeState.open(connection, READ_STATE));
    ComponentEngine engine = opened(openings, GuestEngine.start(options));
    CallReports reports = new CallReports(new CallMetrics(options.metrics()));
    WrpcClient client =
        opened(
            openings,
            WrpcClient.open(
                connection,
                AsyncShapeResolver.standard(),
                WrpcOptions.DEFAULT.withReports(reports)));
    WrpcServer server = opened(openings, WrpcServer.open(connection));
    Spies spies = new Spies(identity.friendlyName(), ticker, InstantSource.system());
    CallRouter router =
        opened(openings, new CallRouter(connection, server, client, reports, spies));
    SerialTasks tasks = opened(openings, new SerialTasks("supervise-"));
    Events events =
        new Events(
            new EventPublisher(connection, identity.id(), InstantSource.system()), identity.id());
    Components components =
        opened(
            openings,
            new Components(
                new ComponentServices(
                    engine,
                    new Images(options.allowFileLoad(), options.maxComponentBytes()),
                    state,
                    router,
                    options.log(),
                    options.metrics(),
                    ticker,
                    options.limits(),
                    options.maxInvocation(),
                    options.maxWait(),
                    options.drain()),
                tasks,
                events));
    Providers providers =
        new Providers(
            new ProviderServices(
                identity.id(),
                connection,
                state,
                router,
                options.metrics(),
                ticker,
                options.maxInvocation(),
                options.drain()),
            new BuiltinProviders(
                options.providers(), options.builtinProviders(), options.allowFileLoad()),
            tasks,
            events);
    HostFacts facts =
        new HostFacts(
            identity.id(),
            identity.friendlyName(),
            connection.lattice(),
            Host.VERSION,
            withoutCredentials(options.lattice().url()),
            new Labels(options.labels()),
            new Uptime(ticker),
            components,
            providers,
            tasks);
    opened(openings, Watching.start(connection, identity.id(), options.log(), spies));
    Agreement agreement = opened(openings, Agreement.join(connection, identity.id(), state));
    opened(
        openings,
        ControlServer.start(
            connection,
            identity.id(),
            ControlServer.Options.DEFAULT,
            new HostControl(
                facts, events, tasks, connection, state, agreement, options.drain(), stopHost)));
    events.hostStarted(facts.friendlyName(), facts.labels().all(), Host.VERSION);
    HostMetrics metrics =
        opened(
            openings,
            new HostMetrics(
                options.metrics(),
                identity.id(),
                identity.friendlyName(),
                Host.VERSION,
                connection::state));
    Heartbeat heartbeat =
        opened(
            openings,
            new Heartbeat(facts, events, metrics, agreement::beat, options.heartbeat(), ticker));
    heartbeat.start();
    Subscription reconnects = connection.onState(beatOnReturn(heartbeat));
    openings.push(reconnects);
    return new Membership(connection, events, facts, server, openings);
  }

  /**
   * Only a return beats: a listener is told the state of now first, and the first beat is due
   * anyway.
   */
  private static Consumer<ConnectionState> beatOnReturn(Heartbeat heartbeat) {
    AtomicBoolean away = new AtomicBoolean();
    return now -> {
      if (now != ConnectionState.CONNECTED) {
        away.set(true);
        LOG.warn("NATS is away; what runs here is served on");
      } else if (away.getAndSet(false)) {
        heartbeat.now();
      }
    };
  }

  private static void bindJvmMetrics(HostOptions options) {
    new JvmMemoryMetrics().bindTo(options.metrics());
    new JvmThreadMetrics().bindTo(options.metrics());
    new ProcessorMetrics().bindTo(options.metrics());
  }

  private static String withoutCredentials(String url) {
    return url.replaceAll("://[^/@]*@", "://");
  }

  private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> openings, T opening) {
    openings.push(opening);
    return opening;
  }

  private void closeFirst(Class<? extends AutoCloseable> kind) {
    openings.removeIf(
        opening -> {
          boolean it = kind.isInstance(opening);
          if (it) {
            close(opening);
          }
          return it;
        });
  }

  private static void closeAll(Deque<AutoCloseable> openings) {
    while (!openings.isEmpty()) {
      close(openings.pop());
    }
  }

  private static void close(AutoCloseable opening) {
    try {
      opening.close();
    } catch (Exception e) {
      LOG.warn("closing {} failed", opening.getClass().getSimpleName(), e);
    }
  }
}

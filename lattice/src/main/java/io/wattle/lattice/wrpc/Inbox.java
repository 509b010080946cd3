package io.wattle.lattice.wrpc;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.impl.ReaderDispatchers;
import io.wattle.lattice.ConnectionState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.Subscription;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subjects below {@code _INBOX.<nuid>} for all calls of a client or server. What comes is
 * handed to the call it is for, so calls must take it without waiting: what is for a call's own
 * subject, of a client's, on the thread that reads the connection, which is the shortest way for an
 * answer of one message; all else on one other thread, because to take it may mean to tell the
 * sender.
 */
final class Inbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final String CONTROL = "alive";

  private final LatticeConnection connection;
  private final Control control;
  private final String prefix;
  private final Map<String, Route> routes = new ConcurrentHashMap<>();
  private final Dispatcher dispatcher;
  private final Dispatcher firsts;
  private final Subscription states;
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("wrpc-sweep").factory());

  /**
   * @param control makes what takes what is about many calls
   * @param every between two sweeps
   * @param answers whether what comes to a call's own subject is its answer, or an accept
   */
  Inbox(
      LatticeConnection connection,
      Function<Inbox, Control> control,
      Duration every,
      boolean answers) {
    this.connection = connection;
    this.prefix = connection.nats().getOptions().getInboxPrefix() + NUID.nextGlobal();
    this.control = control.apply(this);
    this.dispatcher = connection.nats().createDispatcher(this::received);
    this.dispatcher.setPendingLimits(-1, -1);
    this.dispatcher.subscribe(prefix + ".*.>");
    if (answers) {
      ReaderDispatchers.OnReader direct = this::received;
      this.firsts = connection.nats().createDispatcher(direct);
    } else {
      this.firsts = this.dispatcher;
    }
    this.firsts.subscribe(prefix + ".*");
    this.states = connection.onState(this::state);
    var _ =
        sweeper.scheduleWithFixedDelay(
            this::sweep, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** What is about many calls at once. */
  interface Control {
    /** A message to {@link #controlSubject} or to it and {@code .suffix}. Must not wait. */
    void message(String suffix, Message message);

    /** From time to time, with the calls that are not over. Must not wait. */
    void tick(Collection<Route> routes);
  }

  /** A call that waits for messages. */
  interface Route {
    /** A message to the call's subject, or to it and {@code .suffix}. Must not wait. */
    void message(String suffix, Message message);

    /** Nothing that was sent can be relied on any more. */
    void lost(String reason);

    /** Whether nothing can come for this call that anybody would read; then it is forgotten. */
    boolean over();
  }

  /** A fresh subject for a call. */
  String subject(String token) {
    return prefix + "." + token;
  }

  /** Where others ask about calls. */
  String controlSubject() {
    return prefix + "." + CONTROL;
  }

  /** The control subject of the inbox in which {@code subject} is a call's. */
  static String controlBeside(String subject) {
    return subject.substring(0, subject.lastIndexOf('.') + 1) + CONTROL;
  }

  void add(String token, Route route) {
    routes.put(token, route);
  }

  void remove(String token) {
    routes.remove(token);
  }

  int size() {
    return routes.size();
  }

  private void received(Message message) {
    String rest = message.getSubject().substring(prefix.length() + 1);
    int dot = rest.indexOf('.');
    String token = dot < 0 ? rest : rest.substring(0, dot);
    String suffix = dot < 0 ? "" : rest.substring(dot + 1);
    Route route = routes.get(token);
    try {
      if (route != null) {
        route.message(suffix, message);
      } else if (token.equals(CONTROL)) {
        control.message(suffix, message);
      } // else the call is over
    } catch (RuntimeException e) {
      LOG.error("message on {} not taken", message.getSubject(), e);
    }
  }

  private void state(ConnectionState state) {
    switch (state) {
      case CONNECTED -> {}
      case LOST -> endAll("the connection to NATS was lost");
      case CLOSED -> endAll("the connection to NATS was closed");
    }
  }

  private void endAll(String reason) {
    routes.forEach((token, route) -> route.lost(reason));
  }

  private void sweep() {
    try {
      routes.forEach(
          (token, route) -> {
            if (route.over()) {
              routes.remove(token, route);
            }
          });
      control.tick(routes.values());
    } catch (RuntimeException e) { // else it would be the last sweep
      LOG.error("looking after calls failed", e);
    }
  }

  @Override
  public void close() {
    states.close();
    sweeper.shutdownNow();
    endAll("closed");
    routes.clear();
    for (Dispatcher one : List.of(firsts, dispatcher)) {
      if (one.isActive()) {
        connection.nats().closeDispatcher(one);
      }
    }
  }
}

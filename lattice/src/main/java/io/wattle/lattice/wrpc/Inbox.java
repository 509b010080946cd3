package io.wattle.lattice.wrpc;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.wattle.lattice.ConnectionState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.Subscription;
import io.wattle.wit.io.Ticker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One wildcard subscription {@code _INBOX.<nuid>.>} for all calls of a client or server. What comes
 * is handed to the call it is for on one thread, so calls must take it without waiting.
 */
final class Inbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final long SWEEP_SECONDS = 5;

  private final LatticeConnection connection;
  private final String prefix;
  private final Map<String, Route> routes = new ConcurrentHashMap<>();
  private final Dispatcher dispatcher;
  private final Subscription states;
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("wrpc-sweep").factory());

  Inbox(LatticeConnection connection) {
    this.connection = connection;
    this.prefix = connection.nats().getOptions().getInboxPrefix() + NUID.nextGlobal();
    this.dispatcher = connection.nats().createDispatcher(this::received);
    this.dispatcher.setPendingLimits(-1, -1);
    this.dispatcher.subscribe(prefix + ".>");
    this.states = connection.onState(this::state);
    var _ =
        sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
  }

  /** A call that waits for messages. */
  interface Route {
    /** A message to the call's subject, or to it and {@code .suffix}. Must not wait. */
    void message(String suffix, Message message);

    /** Nothing that was sent can be relied on any more. */
    void lost(String reason);

    /** Whether nothing can come for this call that anybody would read. */
    boolean over(long nanos);
  }

  /** A fresh subject for a call. */
  String subject(String token) {
    return prefix + "." + token;
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
    Route route = routes.get(dot < 0 ? rest : rest.substring(0, dot));
    if (route == null) {
      return; // the call is over
    }
    try {
      route.message(dot < 0 ? "" : rest.substring(dot + 1), message);
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
    routes.forEach(
        (token, route) -> {
          route.lost(reason);
          routes.remove(token, route);
        });
  }

  private void sweep() {
    long now = Ticker.SYSTEM.nanos();
    routes.forEach(
        (token, route) -> {
          if (route.over(now)) {
            routes.remove(token, route);
          }
        });
  }

  @Override
  public void close() {
    states.close();
    sweeper.shutdownNow();
    endAll("closed");
    if (dispatcher.isActive()) {
      connection.nats().closeDispatcher(dispatcher);
    }
  }
}

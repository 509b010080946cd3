package io.wattle.providers.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.wattle.providers.LinkException;
import io.wattle.providers.ProviderContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What of an HTTP server the world sees: its listening sockets and the requests under way. A
 * provider that takes another's place takes its front over, so that nobody is refused or cut off
 * meanwhile. One thread at a time.
 */
final class HttpFront {
  private static final long CLOSE_SECONDS = 10;

  private final Vertx vertx = Vertx.vertx(new VertxOptions());
  private final Exchanges exchanges;
  private final Map<ListenAddress, Listener> listeners = new LinkedHashMap<>();

  HttpFront(ProviderContext context) {
    this(new Exchanges(context));
  }

  HttpFront(Exchanges exchanges) {
    this.exchanges = exchanges;
  }

  /** Listens there, without routes at first, if it does not already. */
  void open(ListenAddress address) throws LinkException, InterruptedException {
    if (!listeners.containsKey(address)) {
      Listener listener = new Listener(vertx, address, exchanges);
      listener.open();
      listeners.put(address, listener);
    }
  }

  /** From now on these routes are taken at an address that is open. */
  void route(ListenAddress address, RoutingMode mode, List<Route> routes) {
    @Nullable Listener listener = listeners.get(address);
    if (listener != null) {
      listener.routes(mode, routes);
    }
  }

  /** Stops to listen anywhere else; what runs there is finished within the time. */
  void retain(Set<ListenAddress> wanted, Duration drain) throws InterruptedException {
    for (ListenAddress address : List.copyOf(listeners.keySet())) {
      if (!wanted.contains(address)) {
        Listener listener = listeners.remove(address);
        if (listener != null) {
          listener.close(drain);
        }
      }
    }
  }

  /** Where people reach it. */
  List<String> endpoints() {
    return listeners.values().stream().map(l -> "http://" + l.bound() + "/").toList();
  }

  /** Ends it all; what runs is finished within the time. */
  void close(Duration drain) {
    try {
      retain(Set.of(), drain);
      exchanges.close(drain);
      vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Its threads are daemons; there is nothing left to give back.
    }
  }
}

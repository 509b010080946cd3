package io.wattle.providers.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderExport;
import io.wattle.providers.ProviderLink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The running HTTP server: it is the source of its links, so components are called, and it offers
 * no functions.
 */
final class HttpServerProvider implements Provider {
  private static final String DEFAULT_ADDRESS = "0.0.0.0:8000";

  private final ProviderContext context;
  private final Vertx vertx;
  private final Exchanges exchanges;
  private final RoutingMode mode;
  private final Map<ListenAddress, Listener> listeners = new LinkedHashMap<>();
  private final Map<ProviderLink.Key, Placed> links = new LinkedHashMap<>();
  private ListenAddress defaultAddress;

  /** A link and where it is served. */
  private record Placed(ProviderLink link, ListenAddress address) {}

  HttpServerProvider(ProviderContext context) throws LinkException, InterruptedException {
    this.context = context;
    this.mode = RoutingMode.parse(context.config().getOrDefault("routing_mode", "address"));
    this.defaultAddress =
        ListenAddress.parse(context.config().getOrDefault("default_address", DEFAULT_ADDRESS));
    this.vertx = Vertx.vertx(new VertxOptions());
    this.exchanges = new Exchanges(context);
  }

  @Override
  public List<ProviderExport> exports() {
    return List.of();
  }

  @Override
  public synchronized void putLink(ProviderLink link) throws LinkException, InterruptedException {
    if (!link.sourceId().equals(context.providerId())) {
      if (saidBackwards(link)) {
        return;
      }
      throw new LinkException(
          "link from " + link.sourceId() + ": http-server can only be a link's source");
    }
    Placed before = links.get(link.key());
    if (before != null && before.link().equals(link)) {
      return;
    }
    HttpSettings settings =
        HttpSettings.of(mode == RoutingMode.ADDRESS ? link.sourceConfig() : merged(link));
    mode.check(link.target(), settings);
    ListenAddress address =
        mode == RoutingMode.ADDRESS ? settings.address().orElse(defaultAddress) : defaultAddress;
    Listener listener = listeners.get(address);
    if (listener == null) {
      listener = new Listener(vertx, address, mode, exchanges);
      listener.open();
      listeners.put(address, listener);
    }
    remove(link.key());
    List<Route> routes = new ArrayList<>(listener.routes());
    routes.add(new Route(context, link, settings));
    listener.routes(routes);
    links.put(link.key(), new Placed(link, address));
    closeUnused();
  }

  /**
   * Manifests from before wasmCloud 1.1 link the component to the server as well as the server to
   * the component; only the latter has a meaning.
   */
  private static boolean saidBackwards(ProviderLink link) {
    return link.namespace().equals("wasi")
        && link.witPackage().equals("http")
        && link.interfaces().equals(List.of("incoming-handler"));
  }

  /** In path and host mode everything but path and host comes from the provider's own config. */
  private Map<String, String> merged(ProviderLink link) {
    Map<String, String> merged = new LinkedHashMap<>(context.config());
    for (String key : List.of("path", "host")) {
      Optional.ofNullable(link.sourceConfig().get(key)).ifPresent(v -> merged.put(key, v));
    }
    return merged;
  }

  @Override
  public synchronized void deleteLink(ProviderLink.Key key) throws InterruptedException {
    remove(key);
    closeUnused();
  }

  private void remove(ProviderLink.Key key) {
    Placed placed = links.remove(key);
    if (placed != null) {
      Listener listener = listeners.get(placed.address());
      if (listener != null) {
        listener.routes(
            listener.routes().stream().filter(r -> !r.link().key().equals(key)).toList());
      }
    }
  }

  private void closeUnused() throws InterruptedException {
    for (Listener idle : listeners.values().stream().filter(l -> l.routes().isEmpty()).toList()) {
      listeners.values().remove(idle);
      idle.close(context.drainTimeout());
    }
  }

  @Override
  public synchronized void updateConfig(Map<String, String> config) {
    // What listens keeps its settings until its link changes; only the default for new links
    // follows.
    try {
      defaultAddress = ListenAddress.parse(config.getOrDefault("default_address", DEFAULT_ADDRESS));
    } catch (LinkException e) {
      org.slf4j.LoggerFactory.getLogger(HttpServerProvider.class)
          .warn("{}: config ignored: {}", context.providerId(), e.getMessage());
    }
  }

  @Override
  public Optional<String> problem() {
    return Optional.empty();
  }

  @Override
  public synchronized List<String> endpoints() {
    return listeners.values().stream().map(l -> "http://" + l.bound() + "/").toList();
  }

  @Override
  public synchronized void close() {
    try {
      for (Listener listener : listeners.values()) {
        listener.close(context.drainTimeout());
      }
      exchanges.close(context.drainTimeout());
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      // Its threads are daemons; there is nothing left to give back.
    }
  }
}

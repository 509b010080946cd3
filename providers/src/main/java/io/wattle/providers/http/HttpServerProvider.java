package io.wattle.providers.http;

import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderExport;
import io.wattle.providers.ProviderLink;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running HTTP server: it is the source of its links, so components are called, and it offers
 * no functions.
 *
 * <p>One that succeeds another shares its front, keeps its own routes to itself until it takes
 * over, and then puts them in the place of the other's, address by address, each at one moment.
 */
final class HttpServerProvider implements Provider {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServerProvider.class);
  private static final String DEFAULT_ADDRESS = "0.0.0.0:8000";

  private final ProviderContext context;
  private final RoutingMode mode;
  private final HttpFront front;
  private final Optional<HttpServerProvider> before;
  private final Map<ProviderLink.Key, Placed> links = new LinkedHashMap<>();

  private ListenAddress defaultAddress;
  private Stage stage;

  /** Whose the front is. */
  private enum Stage {
    /** Another's. */
    WAITING,
    /** Its own. */
    SERVING,
    /** A successor's, or nobody's. */
    OVER
  }

  /** A link, where it is served, and how. */
  private record Placed(ProviderLink link, ListenAddress address, Route route) {}

  HttpServerProvider(ProviderContext context) throws LinkException {
    this(context, Optional.empty());
  }

  HttpServerProvider(ProviderContext context, HttpServerProvider before) throws LinkException {
    this(context, Optional.of(before));
  }

  private HttpServerProvider(ProviderContext context, Optional<HttpServerProvider> before)
      throws LinkException {
    this.context = context;
    this.mode = RoutingMode.parse(context.config().getOrDefault("routing_mode", "address"));
    this.defaultAddress =
        ListenAddress.parse(context.config().getOrDefault("default_address", DEFAULT_ADDRESS));
    this.before = before;
    this.stage = before.isPresent() ? Stage.WAITING : Stage.SERVING;
    this.front = before.map(other -> other.front).orElseGet(() -> new HttpFront(context));
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
    Placed former = links.get(link.key());
    if (former != null && former.link().equals(link)) {
      return;
    }
    HttpSettings settings =
        HttpSettings.of(mode == RoutingMode.ADDRESS ? link.sourceConfig() : merged(link));
    mode.check(link.target(), settings);
    ListenAddress address =
        mode == RoutingMode.ADDRESS ? settings.address().orElse(defaultAddress) : defaultAddress;
    front.open(address);
    links.remove(link.key()); // a changed link goes behind those that were there before
    links.put(link.key(), new Placed(link, address, new LinkRoute(context, link, settings)));
    serve(address);
    if (former != null && !former.address().equals(address)) {
      serve(former.address());
    }
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
    Placed placed = links.remove(key);
    if (placed != null) {
      serve(placed.address());
      closeUnused();
    }
  }

  @Override
  public synchronized void takeOver() throws InterruptedException {
    if (stage != Stage.WAITING) {
      return;
    }
    before.ifPresent(HttpServerProvider::giveUpFront);
    stage = Stage.SERVING;
    addresses().forEach(this::serve);
    closeUnused();
  }

  private synchronized void giveUpFront() {
    stage = Stage.OVER;
  }

  private void serve(ListenAddress address) {
    if (stage == Stage.SERVING) {
      front.route(
          address,
          mode,
          links.values().stream()
              .filter(placed -> placed.address().equals(address))
              .map(Placed::route)
              .toList());
    }
  }

  private void closeUnused() throws InterruptedException {
    if (stage == Stage.SERVING) {
      front.retain(addresses(), context.drainTimeout());
    }
  }

  private Set<ListenAddress> addresses() {
    Set<ListenAddress> used = new HashSet<>();
    links.values().forEach(placed -> used.add(placed.address()));
    return used;
  }

  @Override
  public synchronized void updateConfig(Map<String, String> config) {
    // What listens keeps its settings until its link changes; only the default for new links
    // follows.
    try {
      defaultAddress = ListenAddress.parse(config.getOrDefault("default_address", DEFAULT_ADDRESS));
    } catch (LinkException e) {
      LOG.warn("{}: config ignored: {}", context.providerId(), e.getMessage());
    }
  }

  @Override
  public Optional<String> problem() {
    return Optional.empty();
  }

  @Override
  public synchronized List<String> endpoints() {
    return stage == Stage.OVER ? List.of() : front.endpoints();
  }

  /** Gives the front back if it is its own, and if it is not, what it opened there. */
  @Override
  public synchronized void close() {
    Stage last = stage;
    stage = Stage.OVER;
    switch (last) {
      case SERVING -> front.close(context.drainTimeout());
      case WAITING -> before.ifPresent(HttpServerProvider::closeForeign);
      case OVER -> {}
    }
  }

  /** What somebody else opened at this front. */
  private synchronized void closeForeign() {
    try {
      closeUnused();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.wattle.host.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.host.call.CallRouter;
import io.wattle.host.call.Offer;
import io.wattle.host.link.ConfigTable;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.control.ProviderDescription;
import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.wrpc.AsyncShapeResolver;
import io.wattle.lattice.wrpc.AsyncShapes;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderExport;
import io.wattle.providers.ProviderLink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider that runs in this process. What its links and configs are to be is compared with what
 * it was told, and it is told the difference: nothing depends on which news came first. One thread
 * at a time.
 */
final class HostedProvider {
  private static final Logger LOG = LoggerFactory.getLogger(HostedProvider.class);

  private final StartProvider command;
  private final BuiltinProviders.Match.Found image;
  private final ProviderServices services;
  private final Provider provider;
  private final CallRouter.Offers offers;
  private final Map<ProviderLink.Key, ProviderLink> told = new LinkedHashMap<>();
  private final Map<ProviderLink.Key, String> failed = new ConcurrentHashMap<>();
  private Map<String, String> config;
  private boolean healthy = true;

  /** As of the last change, so that whoever asks need not wait for a provider that is busy. */
  private volatile List<String> endpoints = List.of();

  private HostedProvider(
      StartProvider command,
      BuiltinProviders.Match.Found image,
      ProviderServices services,
      Provider provider,
      Map<String, String> config) {
    this.command = command;
    this.image = image;
    this.services = services;
    this.provider = provider;
    this.config = config;
    this.offers = services.router().offers(command.providerId());
  }

  /** Starts one, offers its functions and tells it the links that are there. */
  static HostedProvider start(
      StartProvider command, BuiltinProviders.Match.Found image, ProviderServices services)
      throws LinkException, InterruptedException {
    String id = command.providerId();
    List<String> missing = services.state().require(command.config());
    if (!missing.isEmpty()) {
      LOG.warn("{}: configs {} are not there and count as empty", id, missing);
    }
    Map<String, String> config = services.state().configs().merged(command.config());
    ProviderContext context =
        new ProviderContext(
            id,
            services.connection().lattice(),
            services.hostId(),
            config,
            new ProviderCalls(id, services.state().links(), services.router()),
            services.connection().nats(),
            services.metrics(),
            services.invocationTimeout(),
            services.drain());
    HostedProvider hosted =
        new HostedProvider(command, image, services, image.factory().start(context), config);
    hosted.offers.set(hosted.provider.exports().stream().map(hosted::offer).toList());
    hosted.reconcile();
    return hosted;
  }

  String id() {
    return command.providerId();
  }

  Map<String, String> annotations() {
    return command.annotations() == null ? Map.of() : command.annotations();
  }

  String reportedImage() {
    return image.reported();
  }

  /** What the inventory and the start event say besides the protocol's fields. */
  Map<String, JsonNode> extra() {
    Map<String, JsonNode> extra = new HashMap<>();
    image.substitute().ifPresent(ours -> extra.put("wattle_substitute", json(ours)));
    extra.put("wattle_endpoints", json(endpoints));
    provider.problem().ifPresent(problem -> extra.put("wattle_problem", json(problem)));
    if (!failed.isEmpty()) {
      List<Map<String, String>> errors = new ArrayList<>();
      failed.forEach((key, error) -> errors.add(describe(key, error)));
      extra.put("wattle_link_errors", json(errors));
    }
    extra.put("wattle_config", json(command.config()));
    return extra;
  }

  ProviderDescription describe() {
    return new ProviderDescription(id(), image.reported(), null, 0, annotations(), extra());
  }

  /** Whether others call it, so that it has to outlive them. */
  boolean isCalled() {
    return !provider.exports().isEmpty();
  }

  /** Whether links it refused are to be tried again. */
  boolean hasFailedLinks() {
    return !failed.isEmpty();
  }

  /** Whether it is well now. */
  boolean isHealthy() {
    return provider.problem().isEmpty();
  }

  /** Its health, if that changed since the last time. */
  Optional<Boolean> healthChange() {
    boolean now = provider.problem().isEmpty();
    if (now == healthy) {
      return Optional.empty();
    }
    healthy = now;
    return Optional.of(now);
  }

  /** Tells the provider what it does not know yet. */
  void reconcile() throws InterruptedException {
    Map<String, String> wantedConfig = services.state().configs().merged(command.config());
    if (!wantedConfig.equals(config)) {
      config = wantedConfig;
      provider.updateConfig(wantedConfig);
    }
    Map<ProviderLink.Key, ProviderLink> wanted = wantedLinks();
    for (ProviderLink.Key key : List.copyOf(told.keySet())) {
      if (!wanted.containsKey(key)) {
        told.remove(key);
        provider.deleteLink(key);
      }
    }
    failed.keySet().retainAll(wanted.keySet());
    for (ProviderLink link : wanted.values()) {
      if (!link.equals(told.get(link.key()))) {
        put(link);
      }
    }
    endpoints = List.copyOf(provider.endpoints());
  }

  /** Takes back what it offers, and closes it; it finishes what runs. */
  void stop() {
    offers.close();
    provider.close();
  }

  private void put(ProviderLink link) throws InterruptedException {
    told.remove(link.key());
    try {
      provider.putLink(link);
      told.put(link.key(), link);
      failed.remove(link.key());
    } catch (LinkException | RuntimeException e) {
      String error = String.valueOf(e.getMessage());
      if (!error.equals(failed.put(link.key(), error))) {
        LOG.warn("{}: link {} -> {} failed: {}", id(), link.sourceId(), link.target(), error);
      }
    }
  }

  private Map<ProviderLink.Key, ProviderLink> wantedLinks() {
    Map<ProviderLink.Key, ProviderLink> wanted = new LinkedHashMap<>();
    ConfigTable configs = services.state().configs();
    for (Link link : services.state().links().touching(id())) {
      ProviderLink resolved =
          new ProviderLink(
              link.sourceId(),
              link.target(),
              link.name(),
              link.witNamespace(),
              link.witPackage(),
              link.interfaces(),
              configs.merged(link.sourceConfig()),
              configs.merged(link.targetConfig()));
      wanted.put(resolved.key(), resolved);
    }
    return wanted;
  }

  private Offer offer(ProviderExport export) {
    AsyncShapes standard =
        AsyncShapeResolver.standard()
            .shapes(new CallTarget(id(), export.instance(), export.function()));
    return new Offer(
        export.instance(),
        export.function(),
        new AsyncShapes(export.parameters(), standard.results()),
        export.handler());
  }

  private static Map<String, String> describe(ProviderLink.Key key, String error) {
    Map<String, String> text = new LinkedHashMap<>();
    text.put("source_id", key.sourceId());
    text.put("target", key.target());
    text.put("name", key.name());
    text.put("wit_namespace", key.namespace());
    text.put("wit_package", key.witPackage());
    text.put("error", error);
    return text;
  }

  private static JsonNode json(Object value) {
    return Json.mapper().valueToTree(value);
  }
}

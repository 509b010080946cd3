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
import io.wattle.wit.io.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final ProviderGate gate;
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
    this.gate =
        new ProviderGate(
            command.providerId(), services.state(), services.ticker(), services.drain());
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
    if (!gate.refused().isEmpty()) {
      List<Map<String, String>> errors = new ArrayList<>();
      gate.refused().forEach((key, error) -> errors.add(describe(key, error)));
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

  /** Whether links are to be tried again, or to be taken back. */
  boolean isUnsettled() {
    return gate.isUnsettled();
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
    for (ProviderLink known : gate.served().values()) {
      if (!wanted.containsKey(known.key())
          && !(leadsElsewhere(known) && gate.lingers(known.key()))) {
        gate.forget(known.key());
        provider.deleteLink(known.key());
      }
    }
    gate.retain(wanted.keySet());
    for (ProviderLink link : wanted.values()) {
      put(link);
    }
    endpoints = List.copyOf(provider.endpoints());
  }

  /** Takes back what it offers, and closes it when what runs is finished. */
  void stop() throws InterruptedException {
    offers.close();
    try {
      if (!gate.awaitIdle(Deadline.in(services.drain(), services.ticker()))) {
        LOG.warn("{}: calls under way are cut off", id());
      }
    } finally {
      provider.close();
    }
  }

  private void put(ProviderLink link) throws InterruptedException {
    Optional<ConfigTable.Deleted> gone = deletedConfig(link.key());
    if (gone.isPresent()) {
      String instance = link.namespace() + ":" + link.witPackage();
      boolean served = gate.served().containsKey(link.key());
      refuse(link, ProviderGate.revoked(instance, gone.get()));
      if (served) {
        provider.deleteLink(link.key());
      }
      return;
    }
    if (link.equals(gate.served().get(link.key()))) {
      gate.serve(link); // it may have been swapped for another in between
      return;
    }
    try {
      provider.putLink(link);
      gate.serve(link);
    } catch (LinkException | RuntimeException e) {
      refuse(link, String.valueOf(e.getMessage()));
    }
  }

  private void refuse(ProviderLink link, String error) {
    if (gate.refuse(link.key(), error)) {
      LOG.warn("{}: link {} -> {} failed: {}", id(), link.sourceId(), link.target(), error);
    }
  }

  private Optional<ConfigTable.Deleted> deletedConfig(ProviderLink.Key key) {
    ConfigTable configs = services.state().configs();
    return services.state().links().touching(id()).stream()
        .filter(link -> key(link).equals(key))
        .findFirst()
        .flatMap(
            link ->
                configs
                    .deleted(link.sourceConfig())
                    .or(() -> configs.deleted(link.targetConfig())));
  }

  /** Whether calls by this link have another target now. */
  private boolean leadsElsewhere(ProviderLink known) {
    return services.state().links().from(known.sourceId()).stream()
        .anyMatch(
            link ->
                !link.target().equals(known.target())
                    && known.interfaces().stream()
                        .anyMatch(
                            i ->
                                link.carries(
                                    known.name(),
                                    known.namespace() + ":" + known.witPackage() + "/" + i)));
  }

  static ProviderLink.Key key(Link link) {
    return new ProviderLink.Key(
        link.sourceId(), link.target(), link.name(), link.witNamespace(), link.witPackage());
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
        gate.guard(export.instance(), export.handler()));
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

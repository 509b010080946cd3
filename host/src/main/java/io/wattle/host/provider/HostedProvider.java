package io.wattle.host.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.host.call.CallRouter;
import io.wattle.host.call.Offer;
import io.wattle.host.link.ConfigTable;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.json.Json;
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
final class HostedProvider implements RunningProvider {
  private static final Logger LOG = LoggerFactory.getLogger(HostedProvider.class);

  private final StartProvider command;
  private final BuiltinProviders.Match.Found image;
  private final ProviderServices services;
  private final Provider provider;
  private final CallRouter.Offers offers;
  private final ProviderGate gate;
  private final WantedLinks links;
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
    this.links = new WantedLinks(command.providerId(), services.state());
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

  @Override
  public String id() {
    return command.providerId();
  }

  @Override
  public Map<String, String> annotations() {
    return command.annotations() == null ? Map.of() : command.annotations();
  }

  @Override
  public String reportedImage() {
    return image.reported();
  }

  @Override
  public Map<String, JsonNode> extra() {
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

  @Override
  public boolean isCalled() {
    return !provider.exports().isEmpty();
  }

  @Override
  public boolean isUnsettled() {
    return gate.isUnsettled();
  }

  @Override
  public boolean isHealthy() {
    return provider.problem().isEmpty();
  }

  @Override
  public Optional<Optional<String>> healthChange() {
    Optional<String> problem = provider.problem();
    if (problem.isEmpty() == healthy) {
      return Optional.empty();
    }
    healthy = problem.isEmpty();
    return Optional.of(problem);
  }

  @Override
  public void reconcile() throws InterruptedException {
    Map<String, String> wantedConfig = services.state().configs().merged(command.config());
    if (!wantedConfig.equals(config)) {
      config = wantedConfig;
      provider.updateConfig(wantedConfig);
    }
    Map<ProviderLink.Key, ProviderLink> wanted = links.all();
    for (ProviderLink known : gate.served().values()) {
      if (!wanted.containsKey(known.key())
          && !(links.leadsElsewhere(known) && gate.lingers(known.key()))) {
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

  @Override
  public void stop() throws InterruptedException {
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
    Optional<ConfigTable.Deleted> gone = links.deletedConfig(link.key());
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

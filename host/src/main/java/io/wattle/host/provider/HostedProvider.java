package io.wattle.host.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.host.call.CallRouter;
import io.wattle.host.call.Offer;
import io.wattle.host.event.Events;
import io.wattle.lattice.call.CallHandler;
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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider that runs in this process. What its links and configs are to be is compared with what
 * it was told, and it is told the difference: nothing depends on which news came first. One thread
 * at a time.
 *
 * <p>It has crashed when one of its functions, or what it is told, ends with an {@link Error} that
 * is not the caller's doing, or when it says itself that it is dead. Then nothing of it is offered
 * until it was started again.
 */
final class HostedProvider implements RunningProvider {
  private static final Logger LOG = LoggerFactory.getLogger(HostedProvider.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  private final StartProvider command;
  private final BuiltinProviders.Match.Found image;
  private final ProviderServices services;
  private final Events events;
  private final Crashes crashes;
  private final CallRouter.Offers offers;
  private final ProviderGate gate;
  private final ToldLinks links;
  private final ProviderLife life;
  private Map<String, String> config = Map.of();
  private boolean healthy = true;

  /** What runs; null while it is down. */
  private volatile @Nullable Provider provider;

  private volatile Optional<String> crash = Optional.empty();
  private volatile boolean called;

  /** As of the last change, so that whoever asks need not wait for a provider that is busy. */
  private volatile List<String> endpoints = List.of();

  /** Hears of crashes, on any thread. */
  interface Crashes {
    void crashed(HostedProvider provider, Provider dead, String why);
  }

  private HostedProvider(
      StartProvider command,
      BuiltinProviders.Match.Found image,
      ProviderServices services,
      Events events,
      Crashes crashes,
      CallRouter.Offers offers) {
    this.command = command;
    this.image = image;
    this.services = services;
    this.events = events;
    this.crashes = crashes;
    this.offers = offers;
    this.life = new ProviderLife(services.ticker(), FIRST_PAUSE);
    this.gate =
        new ProviderGate(
            command.providerId(),
            services.state(),
            services.ticker(),
            services.drain(),
            services.router());
    this.links =
        new ToldLinks(
            command.providerId(), new WantedLinks(command.providerId(), services.state()), gate);
  }

  /** Starts one, offers its functions and tells it the links that are there. */
  static HostedProvider start(
      StartProvider command,
      BuiltinProviders.Match.Found image,
      ProviderServices services,
      Events events,
      Crashes crashes)
      throws LinkException, InterruptedException {
    HostedProvider hosted =
        new HostedProvider(
            command,
            image,
            services,
            events,
            crashes,
            services.router().offers(command.providerId()));
    hosted.sayMissingConfigs();
    hosted.bringUp();
    return hosted;
  }

  /**
   * Starts one that takes the place of another of the same id: it gets its links first, then the
   * calls, at one moment. When it does not get that far the other one goes on, as if nothing had
   * been; else the other one has only to {@link #retire}.
   *
   * @throws LinkException also when it refuses a link that the other one serves
   */
  static HostedProvider succeed(
      HostedProvider before,
      StartProvider command,
      BuiltinProviders.Match.Found image,
      ProviderServices services,
      Events events,
      Crashes crashes)
      throws LinkException, InterruptedException {
    HostedProvider hosted =
        new HostedProvider(command, image, services, events, crashes, before.offers);
    hosted.sayMissingConfigs();
    hosted.config = services.state().configs().merged(command.config());
    Provider former = before.provider;
    boolean sameKind = before.image.factory().kind().equals(image.factory().kind());
    Provider started =
        former != null && sameKind
            ? image.factory().succeed(former, hosted.context())
            : image.factory().start(hosted.context());
    boolean ready = false;
    try {
      hosted.provider = started;
      hosted.reconcile(started);
      for (ProviderLink.Key served : before.gate.served().keySet()) {
        String error = hosted.gate.refused().get(served);
        if (error != null) {
          throw new LinkException("link from " + served.sourceId() + ": " + error);
        }
      }
      hosted.offer(started);
      started.takeOver();
      hosted.life.become(ProviderState.RUNNING);
      ready = true;
    } finally {
      if (!ready) {
        close(command.providerId(), started);
      }
    }
    return hosted;
  }

  @Override
  public StartProvider command() {
    return command;
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
    problem().ifPresent(problem -> extra.put("wattle_problem", json(problem)));
    if (!gate.refused().isEmpty()) {
      extra.put("wattle_link_errors", json(links.errors()));
    }
    if (life.restarts() > 0) {
      extra.put("wattle_restarts", json(life.restarts()));
    }
    extra.put("wattle_config", json(command.config()));
    return extra;
  }

  @Override
  public boolean isCalled() {
    return called;
  }

  @Override
  public boolean isUnsettled() {
    return gate.isUnsettled();
  }

  @Override
  public boolean isHealthy() {
    return problem().isEmpty();
  }

  @Override
  public Optional<Optional<String>> healthChange() {
    Provider now = provider;
    if (now == null) {
      return Optional.empty(); // said when it went down
    }
    now.dead().ifPresent(why -> crashes.crashed(this, now, why));
    Optional<String> problem = now.problem();
    if (problem.isEmpty() == healthy) {
      return Optional.empty();
    }
    healthy = problem.isEmpty();
    return Optional.of(problem);
  }

  @Override
  public void reconcile() throws InterruptedException {
    Provider now = provider;
    if (now == null) {
      return; // it is told everything when it is started again
    }
    try {
      reconcile(now);
    } catch (Error e) {
      crashes.crashed(this, now, "it was told of its links and ended with " + e);
    }
  }

  @Override
  public void stop() throws InterruptedException {
    offers.close();
    retire();
  }

  /** Ends when what runs is finished; what it offered is somebody else's, or taken back. */
  void retire() throws InterruptedException {
    life.become(ProviderState.STOPPING);
    Provider last = provider;
    try {
      if (last != null && !gate.finish(Deadline.in(services.drain(), services.ticker()))) {
        LOG.warn("{}: calls under way are cut off", id());
      }
    } finally {
      provider = null;
      if (last != null) {
        close(id(), last);
      }
      life.become(ProviderState.STOPPED);
    }
  }

  /**
   * It has crashed: takes back what it offers. How long to wait before {@link #restart}; empty when
   * there is nothing to do, because this is known, or it is being stopped.
   */
  Optional<Duration> takeDown(Provider dead, String why) {
    if (provider != dead || !life.become(ProviderState.DOWN)) {
      return Optional.empty();
    }
    provider = null;
    offers.close();
    gate.shut();
    endpoints = List.of();
    Duration pause = sayDown(why);
    close(id(), dead); // within the drain time, and its addresses are free
    return Optional.of(pause);
  }

  /** Starts it again; how long to wait before the next try, when that fails. */
  Optional<Duration> restart() throws InterruptedException {
    if (!life.become(ProviderState.STARTING)) {
      return Optional.empty();
    }
    services.countRestart(id());
    try {
      gate.open();
      bringUp();
    } catch (LinkException | RuntimeException | Error e) {
      gate.shut();
      return life.become(ProviderState.DOWN)
          ? Optional.of(sayDown(String.valueOf(e.getMessage())))
          : Optional.empty();
    }
    LOG.info("provider {} runs again", id());
    crash = Optional.empty();
    healthy = true;
    events.providerHealth(id(), Optional.empty());
    return Optional.empty();
  }

  private Duration sayDown(String why) {
    Duration pause = life.nextPause();
    String text = "it crashed: " + why + "; next start in " + pause.toMillis() + " ms";
    crash = Optional.of(text);
    LOG.error("provider {}: {}", id(), text);
    events.providerHealth(id(), crash);
    return pause;
  }

  private void bringUp() throws LinkException, InterruptedException {
    config = services.state().configs().merged(command.config());
    Provider started = image.factory().start(context());
    boolean ready = false;
    try {
      provider = started;
      offer(started);
      reconcile(started);
      ready = life.become(ProviderState.RUNNING);
    } finally {
      if (!ready) {
        provider = null;
        offers.close();
        close(id(), started);
      }
    }
  }

  private ProviderContext context() {
    return new ProviderContext(
        id(),
        services.connection().lattice(),
        services.hostId(),
        config,
        new ProviderCalls(id(), services.state().links(), services.router()),
        services.connection().nats(),
        services.metrics(),
        services.invocationTimeout(),
        services.drain());
  }

  private void sayMissingConfigs() throws InterruptedException {
    List<String> missing = services.state().require(command.config());
    if (!missing.isEmpty()) {
      LOG.warn("{}: configs {} are not there and count as empty", id(), missing);
    }
  }

  private Optional<String> problem() {
    Provider now = provider;
    return now == null ? crash : now.problem();
  }

  private void reconcile(Provider told) throws InterruptedException {
    Map<String, String> wantedConfig = services.state().configs().merged(command.config());
    if (!wantedConfig.equals(config)) {
      config = wantedConfig;
      told.updateConfig(wantedConfig);
    }
    links.reconcile(told);
    endpoints = List.copyOf(told.endpoints());
  }

  private void offer(Provider started) {
    List<ProviderExport> exports = started.exports();
    called = !exports.isEmpty();
    offers.set(exports.stream().map(export -> offer(started, export)).toList());
  }

  private Offer offer(Provider started, ProviderExport export) {
    AsyncShapes standard =
        AsyncShapeResolver.standard()
            .shapes(new CallTarget(id(), export.instance(), export.function()));
    return new Offer(
        export.instance(),
        export.function(),
        new AsyncShapes(export.parameters(), standard.results()),
        gate.guard(export.instance(), watched(started, export)));
  }

  /** Running out of stack or memory may be the call's own doing; any other Error is the end. */
  private CallHandler watched(Provider started, ProviderExport export) {
    return request -> {
      try {
        return export.handler().handle(request);
      } catch (StackOverflowError | OutOfMemoryError e) {
        throw e;
      } catch (Error e) {
        crashes.crashed(this, started, export.function() + " ended with " + e);
        throw e;
      }
    };
  }

  private static void close(String id, Provider last) {
    try {
      last.close();
    } catch (RuntimeException | Error e) { // it is gone either way
      LOG.warn("{}: it did not end in good order: {}", id, e.toString());
    }
  }

  private static JsonNode json(Object value) {
    return Json.mapper().valueToTree(value);
  }
}

package io.wattle.host.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.host.event.Events;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.provider.Health;
import io.wattle.lattice.provider.HostData;
import io.wattle.lattice.provider.ProviderSubjects;
import io.wattle.providers.LinkException;
import io.wattle.providers.ProviderLink;
import io.wattle.wit.io.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider that is its own process: started, told its links and configuration, asked for its
 * health, started again with growing pauses when it dies, and killed with this host (section 7). It
 * counts as started when it says that it is healthy.
 */
final class ExternalProvider implements RunningProvider {
  private static final Logger LOG = LoggerFactory.getLogger(ExternalProvider.class);
  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration HEALTH_ANSWER = Duration.ofSeconds(2);
  private static final long LOOK_MILLIS = 100;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private final StartProvider command;
  private final BuiltinProviders.Match.Executable image;
  private final ProviderServices services;
  private final Events events;
  private final ProviderSubjects subjects;
  private final WantedLinks links;
  private final ProviderGate told; // only what was told, and since when a link leads elsewhere
  private final ProviderLife life;
  private final Thread supervisor;
  private Map<String, String> config = Map.of();
  private volatile ChildProcess child;
  private volatile Optional<String> problem = Optional.empty();

  private ExternalProvider(
      StartProvider command,
      BuiltinProviders.Match.Executable image,
      ProviderServices services,
      Events events)
      throws IOException {
    this.command = command;
    this.image = image;
    this.services = services;
    this.events = events;
    this.subjects = new ProviderSubjects(services.connection().lattice(), command.providerId());
    this.links = new WantedLinks(command.providerId(), services.state());
    this.told =
        new ProviderGate(
            command.providerId(),
            services.state(),
            services.ticker(),
            services.drain(),
            services.router());
    this.life = new ProviderLife(services.ticker(), FIRST_PAUSE);
    this.child = launch();
    this.supervisor =
        Thread.ofVirtual().name("provider-" + command.providerId()).unstarted(this::supervise);
  }

  /**
   * Starts one and waits until it is healthy.
   *
   * @throws LinkException when it cannot be run, or ends or is silent instead
   */
  static ExternalProvider start(
      StartProvider command,
      BuiltinProviders.Match.Executable image,
      ProviderServices services,
      Events events)
      throws LinkException, InterruptedException {
    List<String> missing = services.state().require(command.config());
    if (!missing.isEmpty()) {
      LOG.warn("{}: configs {} are not there and count as empty", command.providerId(), missing);
    }
    ExternalProvider provider;
    try {
      provider = new ExternalProvider(command, image, services, events);
    } catch (IOException e) {
      throw new LinkException(image.path() + ": " + e.getMessage(), e);
    }
    boolean ready = false;
    try {
      provider.awaitReady();
      ready = provider.life.become(ProviderState.RUNNING);
    } finally {
      if (!ready) {
        provider.child.kill();
      }
    }
    provider.supervisor.start();
    return provider;
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
    extra.put("wattle_process", Json.mapper().valueToTree(true));
    extra.put("wattle_restarts", Json.mapper().valueToTree(life.restarts()));
    extra.put("wattle_config", Json.mapper().valueToTree(command.config()));
    problem.ifPresent(why -> extra.put("wattle_problem", Json.mapper().valueToTree(why)));
    return extra;
  }

  @Override
  public boolean isCalled() {
    return true; // as far as anybody knows
  }

  @Override
  public boolean isUnsettled() {
    return told.isUnsettled();
  }

  @Override
  public boolean isHealthy() {
    return problem.isEmpty();
  }

  /** The supervisor says it at once. */
  @Override
  public Optional<Optional<String>> healthChange() {
    return Optional.empty();
  }

  @Override
  public synchronized void reconcile() {
    Map<String, String> wantedConfig = services.state().configs().merged(command.config());
    if (!wantedConfig.equals(config)) {
      config = wantedConfig;
      tell(subjects.configUpdate(), wantedConfig);
    }
    Map<ProviderLink.Key, ProviderLink> wanted = wantedLinks();
    for (ProviderLink known : told.served().values()) {
      if (!wanted.containsKey(known.key())
          && !(links.leadsElsewhere(known) && told.lingers(known.key()))) {
        told.forget(known.key());
        tell(subjects.linkDel(), known.definition());
      }
    }
    for (ProviderLink link : wanted.values()) {
      ProviderLink known = told.served().get(link.key());
      if (!link.equals(known)) {
        if (known != null) { // peers take a second put of a link for a repetition
          tell(subjects.linkDel(), known.definition());
        }
        tell(subjects.linkPut(), link.definition());
      }
      told.serve(link);
    }
  }

  @Override
  public void stop() throws InterruptedException {
    life.become(ProviderState.STOPPING);
    LockSupport.unpark(supervisor);
    try {
      services
          .connection()
          .request(
              subjects.shutdown(),
              Json.write(Map.of("host_id", services.hostId())),
              services.drain());
      child.awaitEnd(HEALTH_ANSWER.toMillis());
    } catch (LatticeException e) {
      LOG.warn("{}: not asked to end ({}), so it is killed", id(), e.getMessage());
    } finally {
      child.kill();
      supervisor.interrupt();
      life.become(ProviderState.STOPPED);
    }
  }

  private ChildProcess launch() throws IOException {
    HostData data;
    synchronized (this) {
      config = services.state().configs().merged(command.config());
      Map<ProviderLink.Key, ProviderLink> wanted = wantedLinks();
      told.served().keySet().forEach(told::forget);
      wanted.values().forEach(told::serve);
      data =
          HostData.of(
              services.hostId(),
              services.connection().options(),
              id(),
              wanted.values().stream().map(ProviderLink::definition).toList(),
              config);
    }
    return ChildProcess.start(image.path(), data, line -> LOG.info("{}: {}", id(), line));
  }

  private void awaitReady() throws LinkException, InterruptedException {
    Deadline deadline = Deadline.in(READY, services.ticker());
    Optional<String> last = Optional.of("it does not answer on " + subjects.health());
    while (last.isPresent()) {
      if (child.awaitEnd(LOOK_MILLIS)) {
        throw new LinkException(image.path() + ": the process " + child.ending());
      }
      if (deadline.passed()) {
        throw new LinkException(
            image.path() + ": not healthy within " + READY.toSeconds() + " s: " + last.get());
      }
      last = health();
    }
    // What was told between its launch and its subscriptions may be lost; it knows repetitions.
    synchronized (this) {
      told.served().values().forEach(link -> tell(subjects.linkPut(), link.definition()));
    }
  }

  /** Why it is not healthy. */
  private Optional<String> health() throws InterruptedException {
    try {
      byte[] answer = services.connection().request(subjects.health(), new byte[0], HEALTH_ANSWER);
      return Json.read(answer, Health.class, "health of " + id()).problem();
    } catch (LatticeException e) {
      return Optional.of("it does not answer: " + e.getMessage());
    }
  }

  /** Watches the process until the provider is stopped. */
  private void supervise() {
    try {
      while (!life.isOver()) {
        if (life.is(ProviderState.RUNNING)) {
          String ending = watch();
          if (!life.become(ProviderState.DOWN)) {
            return;
          }
          rest("the process " + ending);
        }
        restart();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void rest(String why) throws InterruptedException {
    Duration pause = life.nextPause();
    report(Optional.of(why + "; next start in " + pause.toMillis() + " ms"));
    pause(pause);
  }

  /** Looks at its health until it ends; how it ended. */
  private String watch() throws InterruptedException {
    long every = Math.max(LOOK_MILLIS, HEALTH_ANSWER.toMillis());
    while (!child.awaitEnd(every)) {
      Optional<String> now = health();
      if (life.is(ProviderState.RUNNING) && child.isAlive()) {
        report(now);
      }
    }
    return child.ending();
  }

  private void restart() throws InterruptedException {
    if (!life.become(ProviderState.STARTING)) {
      return;
    }
    services.countRestart(id());
    try {
      child = launch();
      if (life.isOver()) {
        child.kill();
        return;
      }
      awaitReady();
    } catch (IOException | LinkException | RuntimeException e) {
      child.kill();
      if (life.become(ProviderState.DOWN)) {
        rest(String.valueOf(e.getMessage()));
      }
      return;
    }
    if (life.become(ProviderState.RUNNING)) {
      report(Optional.empty());
    }
  }

  private void report(Optional<String> now) {
    boolean was = problem.isEmpty();
    if (!now.equals(problem)) {
      now.ifPresent(why -> LOG.warn("provider {}: {}", id(), why));
    }
    problem = now;
    if (was != now.isEmpty()) {
      events.providerHealth(id(), now);
    }
  }

  private void pause(Duration pause) throws InterruptedException {
    Deadline over = Deadline.in(pause, services.ticker());
    while (!life.isOver() && !over.passed()) {
      LockSupport.parkNanos(Math.max(1, Math.min(over.nanosLeft(), TimeUnit.SECONDS.toNanos(1))));
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /** Those whose configurations are there. */
  private Map<ProviderLink.Key, ProviderLink> wantedLinks() {
    Map<ProviderLink.Key, ProviderLink> wanted = new HashMap<>(links.all());
    wanted.keySet().removeIf(key -> links.deletedConfig(key).isPresent());
    return wanted;
  }

  private void tell(String subject, Object what) {
    try {
      services.connection().publish(subject, Json.write(what));
    } catch (IllegalStateException e) {
      LOG.warn("{}: not told on {}: {}", id(), subject, e.getMessage());
    }
  }
}

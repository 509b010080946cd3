package io.wattle.host.provider;

import io.wattle.host.event.Events;
import io.wattle.host.work.SerialTasks;
import io.wattle.lattice.control.ProviderDescription;
import io.wattle.lattice.control.StartProvider;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The providers of this host, and the work that commands and news ask for (sections 2.9, 2.10). */
public final class Providers {
  private static final Logger LOG = LoggerFactory.getLogger(Providers.class);

  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final Map<String, RunningProvider> running = new ConcurrentHashMap<>();
  private final Set<String> dirty = ConcurrentHashMap.newKeySet();
  private final ProviderServices services;
  private final BuiltinProviders builtin;
  private final SerialTasks tasks;
  private final Events events;

  public Providers(
      ProviderServices services, BuiltinProviders builtin, SerialTasks tasks, Events events) {
    this.services = services;
    this.builtin = builtin;
    this.tasks = tasks;
    this.events = events;
    services.state().onLinks(ids -> ids.forEach(this::refresh));
    services.state().onConfigs(() -> running.keySet().forEach(this::refresh));
  }

  /** What runs, for the inventory. */
  public List<ProviderDescription> describe() {
    return running.values().stream().map(RunningProvider::describe).toList();
  }

  /** Whether a provider of this id runs, starts or is being stopped. */
  public boolean has(String id) {
    return taken.contains(id);
  }

  /** Reserves an id for {@link #start}; false when it is taken. */
  public boolean reserve(String id) {
    return taken.add(id);
  }

  /** Starts a provider whose id was reserved. The outcome is an event. */
  public void start(StartProvider command) {
    tasks.run(key(command.providerId()), () -> startNow(command));
  }

  /**
   * Puts a provider in the place of the one of this id, or starts it when there is none. What it
   * replaces serves until then, and goes on when the new one cannot be started; the outcome is an
   * event. Only where one of the two is a process of its own and the provider has links of which it
   * is the source, so that the two would listen twice, the old one ends first; so it does where
   * both are processes, which are told things by their id.
   */
  public void replace(StartProvider command) {
    tasks.run(key(command.providerId()), () -> replaceNow(command));
  }

  /** Stops a provider and says so by an event; false when none of this id runs. */
  public boolean stop(String id) {
    if (!running.containsKey(id)) {
      return false;
    }
    tasks.run(key(id), () -> stopNow(id));
    return true;
  }

  /** Whether each is well, by id. */
  public Map<String, Boolean> health() {
    Map<String, Boolean> health = new HashMap<>();
    running.forEach((id, provider) -> health.put(id, provider.isHealthy()));
    return health;
  }

  /** To be called now and then: tries refused links again and looks at health. */
  public void tick() {
    running.forEach(
        (id, provider) -> {
          if (provider.isUnsettled()) {
            refresh(id);
          }
          provider.healthChange().ifPresent(problem -> events.providerHealth(id, problem));
        });
  }

  /** Stops those that only call: nothing new comes in by them. Waits until the deadline. */
  public void stopCallers(Deadline deadline) throws InterruptedException {
    stopAll(running.values().stream().filter(provider -> !provider.isCalled()).toList(), deadline);
  }

  /** Stops all, and waits until the deadline for that. */
  public void stopAll(Deadline deadline) throws InterruptedException {
    stopAll(List.copyOf(running.values()), deadline);
  }

  private void stopAll(List<RunningProvider> which, Deadline deadline) throws InterruptedException {
    List<String> ids = which.stream().map(RunningProvider::id).toList();
    CountDownLatch stopped = new CountDownLatch(ids.size());
    for (String id : ids) {
      tasks.run(
          key(id),
          () -> {
            stopNow(id);
            stopped.countDown();
          });
    }
    if (!stopped.await(deadline.left().toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("{} providers did not stop in time", stopped.getCount());
    }
  }

  private void startNow(StartProvider command) throws InterruptedException {
    String id = command.providerId();
    Optional<String> error = Optional.of("it was interrupted");
    try {
      error = tryStart(command);
    } finally {
      error.ifPresent(
          why -> {
            taken.remove(id);
            events.providerStartFailed(id, command.providerRef(), why);
          });
    }
  }

  private void replaceNow(StartProvider command) throws InterruptedException {
    String id = command.providerId();
    RunningProvider before = running.get(id);
    if (before == null) {
      taken.add(id);
      startNow(command);
      return;
    }
    BuiltinProviders.Match match = builtin.match(command.providerRef());
    if (match instanceof BuiltinProviders.Match.None(String why)) {
      events.providerStartFailed(id, command.providerRef(), why);
    } else if (match instanceof BuiltinProviders.Match.Found found
        && before instanceof HostedProvider hosted) {
      succeed(hosted, command, found);
    } else if (mayRunTwice(before, match)) {
      Optional<String> error = tryStart(command);
      if (error.isPresent()) {
        events.providerStartFailed(id, command.providerRef(), error.get());
      } else {
        before.stop();
      }
    } else {
      running.remove(id);
      before.stop();
      startNow(command);
    }
  }

  private void succeed(
      HostedProvider before, StartProvider command, BuiltinProviders.Match.Found found)
      throws InterruptedException {
    try {
      started(HostedProvider.succeed(before, command, found, services, events, this::crashed));
    } catch (LinkException | RuntimeException | Error e) {
      events.providerStartFailed(
          command.providerId(),
          command.providerRef(),
          e.getMessage() + " (" + before.reportedImage() + " goes on)");
      return;
    }
    before.retire();
  }

  private boolean mayRunTwice(RunningProvider before, BuiltinProviders.Match next) {
    boolean oneIsHere =
        before instanceof HostedProvider || next instanceof BuiltinProviders.Match.Found;
    return oneIsHere && services.state().links().from(before.id()).isEmpty();
  }

  private void crashed(HostedProvider provider, Provider dead, String why) {
    tasks.run(
        key(provider.id()),
        () -> {
          if (running.get(provider.id()) == provider) {
            provider.takeDown(dead, why).ifPresent(pause -> restartLater(provider, pause));
          }
        });
  }

  private void restartLater(HostedProvider provider, Duration pause) {
    var _ =
        Thread.ofVirtual()
            .name("provider-restart-" + provider.id())
            .start(
                () -> {
                  LockSupport.parkNanos(pause.toNanos());
                  tasks.run(
                      key(provider.id()),
                      () -> {
                        if (running.get(provider.id()) == provider) {
                          provider.restart().ifPresent(next -> restartLater(provider, next));
                        }
                      });
                });
  }

  private Optional<String> tryStart(StartProvider command) throws InterruptedException {
    BuiltinProviders.Match match = builtin.match(command.providerRef());
    try {
      return switch (match) {
        case BuiltinProviders.Match.None(String why) -> Optional.of(why);
        case BuiltinProviders.Match.Found found -> {
          services.state().register(command.providerId(), found.reported());
          started(HostedProvider.start(command, found, services, events, this::crashed));
          yield Optional.empty();
        }
        case BuiltinProviders.Match.Executable executable -> {
          services.state().register(command.providerId(), executable.reported());
          started(ExternalProvider.start(command, executable, services, events));
          yield Optional.empty();
        }
      };
    } catch (LinkException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      LOG.error("provider {} failed to start", command.providerId(), e);
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private void started(RunningProvider provider) throws InterruptedException {
    running.put(provider.id(), provider);
    refresh(provider.id());
    services.router().flush();
    LOG.info("provider {} runs: {}", provider.id(), provider.reportedImage());
    events.providerStarted(
        provider.id(), provider.reportedImage(), provider.annotations(), provider.extra());
  }

  private void stopNow(String id) throws InterruptedException {
    RunningProvider provider = running.remove(id);
    if (provider == null) {
      return;
    }
    try {
      provider.stop();
    } finally {
      taken.remove(id);
      events.providerStopped(id, provider.annotations());
      LOG.info("provider {} stopped", id);
    }
  }

  private void refresh(String id) {
    if (running.containsKey(id) && dirty.add(id)) {
      tasks.run(
          key(id),
          () -> {
            dirty.remove(id);
            RunningProvider provider = running.get(id);
            if (provider != null) {
              provider.reconcile();
            }
          });
    }
  }

  private static String key(String id) {
    return "provider " + id;
  }
}

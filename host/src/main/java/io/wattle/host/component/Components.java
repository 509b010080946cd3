package io.wattle.host.component;

import io.wattle.host.event.Events;
import io.wattle.host.work.SerialTasks;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.control.UpdateComponent;
import io.wattle.runtime.engine.CodeState;
import io.wattle.wit.io.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The components of this host, and the work that commands ask for. Commands for one component run
 * in the order they came; the outcome is always an event (sections 2.7, 2.8).
 */
public final class Components implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Components.class);

  private final Map<String, HostedComponent> running = new ConcurrentHashMap<>();
  private final ComponentServices services;
  private final SerialTasks tasks;
  private final Events events;
  private final Preparations preparations;

  public Components(ComponentServices services, SerialTasks tasks, Events events) {
    this.services = services;
    this.tasks = tasks;
    this.events = events;
    this.preparations =
        new Preparations(
            image -> {
              var _ = services.engine().load(services.images().load(image)).compile();
            });
  }

  /** Compiles an image ahead, when nothing else is to be brought up. */
  public void prepare(String image) {
    preparations.add(image);
  }

  /** Images that were compiled ahead, or could not be. */
  public Set<String> prepared() {
    return preparations.done();
  }

  /** What runs, for the inventory. */
  public List<ComponentDescription> describe() {
    return running.values().stream().map(HostedComponent::describe).toList();
  }

  /** Whether a component of this id runs. */
  public boolean runs(String id) {
    return running.containsKey(id);
  }

  /** The image a component runs, empty when it does not run. */
  public Optional<String> image(String id) {
    return Optional.ofNullable(running.get(id)).map(component -> component.settings().imageRef());
  }

  /** Starts, scales, updates or stops a component. */
  public void scale(ScaleComponent command) throws InterruptedException {
    String id = command.componentId();
    Settings wanted = Settings.of(command);
    preparations.hold();
    try {
      String ref = command.count() == 0 ? stop(id, wanted) : bring(id, wanted, command);
      events.componentScaled(id, ref, command.count(), wanted.annotations());
    } catch (ComponentException e) {
      failed(id, wanted, e);
    } catch (RuntimeException | Error e) {
      LOG.error("scaling {} failed", id, e);
      failed(id, wanted, e);
    } finally {
      preparations.release();
    }
  }

  /** Replaces a component's code. */
  public void update(UpdateComponent command) throws InterruptedException {
    String id = command.componentId();
    HostedComponent component = running.get(id);
    if (component == null) {
      events.componentScaleFailed(
          id, command.newComponentRef(), 0, Map.of(), "component " + id + " not found");
      return;
    }
    Settings wanted =
        component
            .settings()
            .withImage(command.newComponentRef())
            .withAnnotations(command.annotations());
    preparations.hold();
    try {
      component.update(wanted);
      events.componentScaled(id, wanted.imageRef(), wanted.count(), wanted.annotations());
    } catch (ComponentException e) {
      failed(id, wanted, e);
    } catch (RuntimeException | Error e) {
      LOG.error("updating {} failed", id, e);
      failed(id, wanted, e);
    } finally {
      preparations.release();
    }
  }

  /**
   * Stops everything: accepts nothing more, then waits for what runs until the deadline.
   *
   * @return invocations that were cut off then
   */
  public int stopAll(Deadline deadline) throws InterruptedException {
    running.values().forEach(HostedComponent::stopAccepting);
    int cutOff = 0;
    for (HostedComponent component : List.copyOf(running.values())) {
      cutOff += component.drain(deadline);
    }
    running.clear();
    return cutOff;
  }

  private String bring(String id, Settings wanted, ScaleComponent command)
      throws ComponentException, InterruptedException {
    HostedComponent component = running.get(id);
    if (component == null) {
      services.state().register(id, wanted.imageRef());
      HostedComponent started = HostedComponent.start(id, wanted, services);
      running.put(id, started);
      services.router().flush();
      LOG.info(
          "component {} runs{}, {} at once, from {}",
          id,
          started.code() == CodeState.COMPILING ? ", interpreted until it is compiled" : "",
          wanted.count(),
          wanted.imageRef());
      return wanted.imageRef();
    }
    boolean sameCode = wanted.imageRef().equals(component.settings().imageRef());
    if (sameCode || !command.allowUpdate()) {
      component.scale(wanted);
    } else {
      component.update(wanted);
      services.router().flush();
    }
    return component.settings().imageRef();
  }

  private String stop(String id, Settings wanted) {
    HostedComponent component = running.remove(id);
    if (component == null) {
      return wanted.imageRef();
    }
    component.stopAccepting();
    tasks.run(
        () -> {
          var _ = component.drain(Deadline.in(services.drain(), services.ticker()));
        });
    LOG.info("component {} stopped", id);
    return component.settings().imageRef();
  }

  /** Compiles nothing ahead any more. */
  @Override
  public void close() {
    preparations.close();
  }

  private void failed(String id, Settings wanted, Throwable e) {
    events.componentScaleFailed(
        id,
        wanted.imageRef(),
        wanted.count(),
        wanted.annotations(),
        e.getMessage() == null ? e.toString() : e.getMessage());
  }
}

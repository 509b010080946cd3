package io.wattle.host.component;

import io.micrometer.core.instrument.Timer;
import io.wattle.host.admin.ComponentMetrics;
import io.wattle.runtime.Component;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.Task;
import io.wattle.runtime.wasi.ConfigRevokedException;
import io.wattle.runtime.wasi.Wasi;
import io.wattle.runtime.wasi.WasiOptions;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Brings one component's code from its image to where it can be invoked. */
final class Linker {
  private static final Logger LOG = LoggerFactory.getLogger(Linker.class);

  private final String id;
  private final ComponentServices services;
  private final ComponentMetrics metrics;
  private final ComponentLinks links;
  private volatile List<String> configs = List.of();

  Linker(String id, ComponentServices services, ComponentMetrics metrics) {
    this.id = id;
    this.metrics = metrics;
    this.services = services;
    this.links = new ComponentLinks(id, services.state().links(), services.router());
  }

  /** The configs that the component sees from now on, at their newest. */
  void configs(List<String> names) throws InterruptedException {
    List<String> missing = services.state().require(names);
    if (!missing.isEmpty()) {
      LOG.warn("{}: configs {} are not there and count as empty", id, missing);
    }
    configs = names;
  }

  /** Loads the image and links it. */
  Linked link(Settings settings) throws ComponentException {
    byte[] wasm = services.images().load(settings.imageRef());
    Timer.Sample sample = Timer.start(services.metrics());
    try {
      Component component = services.engine().load(wasm);
      sample.stop(metrics.load());
      return link(settings, component);
    } catch (InvalidComponentException e) {
      throw new ComponentException(settings.imageRef() + ": " + e.getMessage(), e);
    }
  }

  /** Links code that is loaded anew, for other settings. */
  Linked relink(Linked loaded, Settings settings) throws ComponentException {
    return link(settings, loaded.component());
  }

  private Linked link(Settings settings, Component component) throws ComponentException {
    WasiOptions wasi =
        WasiOptions.builder()
            .config(this::config)
            .stdout(new LogSink(services.log(), id, "stdout", Level.DEBUG))
            .stderr(new LogSink(services.log(), id, "stderr", Level.INFO))
            .log(this::said)
            .http(new LinkedHttp(links))
            .ticker(services.ticker())
            .build();
    ComponentImports imports =
        new ComponentImports(Wasi.interfaces(wasi), links, BlobInterfaces.finishes(component));
    try {
      return new Linked(
          component,
          imports,
          new Generation(
              services
                  .engine()
                  .link(component, imports, settings.storeLimits(services.limits()), metrics)));
    } catch (LinkException e) {
      throw new ComponentException(settings.imageRef() + ": " + e.getMessage(), e);
    }
  }

  /** By {@code wasi:logging}. */
  private void said(Task task, Level level, String context, String message) {
    services.log().add(level, id, context, message);
    LoggerFactory.getLogger("wattle.guest." + id).atLevel(level).log("{}: {}", context, message);
  }

  private Map<String, String> config() {
    List<String> names = configs;
    services
        .state()
        .configs()
        .deleted(names)
        .ifPresent(
            config -> {
              throw new ConfigRevokedException(config.name(), config.by());
            });
    return services.state().configs().merged(names);
  }

  /** Code that can be invoked, and what it needs of others. */
  record Linked(Component component, ComponentImports imports, Generation generation) {}
}

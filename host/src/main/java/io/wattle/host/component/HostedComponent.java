package io.wattle.host.component;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.host.admin.ComponentMetrics;
import io.wattle.host.call.Admission;
import io.wattle.host.call.CallRouter;
import io.wattle.host.call.Offer;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.json.Json;
import io.wattle.runtime.Component;
import io.wattle.runtime.engine.CodeState;
import io.wattle.wit.io.Deadline;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A component that runs on this host. Commands for one component come one at a time; calls come
 * from everywhere.
 */
final class HostedComponent {
  private static final Logger LOG = LoggerFactory.getLogger(HostedComponent.class);

  private final String id;
  private final ComponentServices services;
  private final Linker linker;
  private final Admission admission;
  private final ComponentMetrics metrics;
  private final Invocations invocations;
  private final CallRouter.Offers offers;
  private volatile Settings settings;
  private volatile Linker.Linked linked;

  private HostedComponent(
      String id,
      ComponentServices services,
      Settings settings,
      Admission admission,
      ComponentMetrics metrics,
      Linker linker,
      Linker.Linked first) {
    this.id = id;
    this.services = services;
    this.settings = settings;
    this.linker = linker;
    this.linked = first;
    this.admission = admission;
    this.metrics = metrics;
    this.invocations =
        new Invocations(
            id,
            admission,
            metrics,
            () -> this.settings.maxInvocation(services.maxInvocation()),
            services.ticker(),
            first.generation());
    this.offers = services.router().offers(id);
  }

  /** Loads and links a component and offers its exports. */
  static HostedComponent start(String id, Settings settings, ComponentServices services)
      throws ComponentException, InterruptedException {
    Admission admission = new Admission(id, settings.permits(), services.maxWait());
    ComponentMetrics metrics =
        new ComponentMetrics(services.metrics(), id, admission, services.engine().memory());
    Linker linker = new Linker(id, services, metrics);
    boolean started = false;
    try {
      linker.configs(settings.config());
      Linker.Linked first = linker.link(settings);
      HostedComponent component =
          new HostedComponent(id, services, settings, admission, metrics, linker, first);
      component.offers.set(component.offered(first.component()));
      started = true;
      return component;
    } finally {
      if (!started) {
        metrics.close();
      }
    }
  }

  Settings settings() {
    return settings;
  }

  /** How its functions run now. */
  CodeState code() {
    return linked.component().code();
  }

  /** Takes new settings; the code stays what it is. */
  void scale(Settings wanted) throws ComponentException, InterruptedException {
    Settings before = settings;
    Settings after = wanted.withImage(before.imageRef());
    linker.configs(after.config());
    if (!before.storeLimits(services.limits()).equals(after.storeLimits(services.limits()))) {
      replace(linker.relink(linked, after));
    }
    settings = after;
    admission.resize(after.permits());
  }

  /**
   * Takes new settings and their code: what runs is finished on the old one. The old one also
   * serves until the new one is compiled, unlike at the start, when there is nothing else.
   */
  void update(Settings wanted) throws ComponentException, InterruptedException {
    linker.configs(wanted.config());
    Linker.Linked next = linker.link(wanted);
    boolean compiled = false;
    try {
      var _ = next.component().compile();
      compiled = true;
    } finally {
      if (!compiled) {
        next.generation().stop();
      }
    }
    replace(next);
    settings = wanted;
    admission.resize(wanted.permits());
  }

  /**
   * Accepts nothing from now on. {@link #drain} must follow; it may take its time while another
   * component of this id starts.
   */
  void stopAccepting() {
    offers.close();
    admission.close(id + " was stopped on this host");
    metrics.close();
  }

  /**
   * Finishes what runs or waits, until the deadline; stops the rest.
   *
   * @return how many were stopped
   */
  int drain(Deadline deadline) throws InterruptedException {
    try {
      int cutOff = admission.awaitIdle(deadline) ? 0 : admission.inFlight();
      if (cutOff > 0) {
        LOG.warn("{}: {} invocations are cut off", id, cutOff);
      }
      return cutOff;
    } finally {
      admission.expel();
      invocations.current().stop();
    }
  }

  ComponentDescription describe() {
    Settings now = settings;
    Map<String, JsonNode> extra = new HashMap<>();
    List<String> missing = linked.imports().missing(id, services.state().links());
    extra.put("wattle_missing_links", Json.mapper().valueToTree(missing));
    extra.put("wattle_digest", Json.mapper().valueToTree(linked.component().digest()));
    extra.put(
        ComponentDescription.CODE,
        Json.mapper().valueToTree(code().name().toLowerCase(Locale.ROOT)));
    extra.put("wattle_config", Json.mapper().valueToTree(now.config()));
    return new ComponentDescription(
        id, now.imageRef(), null, now.annotations(), 0, now.count(), now.limits(), extra);
  }

  private void replace(Linker.Linked next) {
    linked = next;
    Generation old = invocations.swap(next.generation());
    offers.set(offered(next.component()));
    old.retire();
  }

  private List<Offer> offered(Component component) {
    return ExportedFunction.of(id, component).stream()
        .map(
            function ->
                new Offer(
                    function.wireInstance(),
                    function.wireFunction(),
                    function.shapes(id),
                    invocations.handler(function)))
        .toList();
  }
}

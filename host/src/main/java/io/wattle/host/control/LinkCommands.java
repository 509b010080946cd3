package io.wattle.host.control;

import io.wattle.host.event.Events;
import io.wattle.host.link.Agreement;
import io.wattle.host.link.LatticeState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.control.Ack;
import io.wattle.lattice.control.ControlRefusal;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.kv.LatticeData;
import io.wattle.lattice.link.InterfaceLinkDefinition;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import io.wattle.lattice.link.Links;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands about links and configs, which any host of the lattice may answer (sections 2.11, 2.12).
 */
final class LinkCommands {
  private static final Logger LOG = LoggerFactory.getLogger(LinkCommands.class);

  private final LatticeConnection connection;
  private final LatticeState state;
  private final Agreement agreement;
  private final Events events;
  private final Duration grace;

  /**
   * @param grace how long calls by a link that was replaced are let in
   */
  LinkCommands(
      LatticeConnection connection,
      LatticeState state,
      Agreement agreement,
      Events events,
      Duration grace) {
    this.grace = grace;
    this.connection = connection;
    this.state = state;
    this.agreement = agreement;
    this.events = events;
  }

  Ack putLink(Link link, boolean replace) throws ControlRefusal, InterruptedException {
    try {
      requireConfigs(link);
      return switch (state.putLink(link.checked(), replace)) {
        case LatticeData.LinkWrite.Conflict(Link existing) ->
            throw new ControlRefusal(Links.CONFLICT);
        case LatticeData.LinkWrite.Stored stored ->
            new Ack(
                "successfully set link" + (replace ? unconfirmed(link.sourceId()) : ""),
                () -> announce(link, stored));
      };
    } catch (ControlRefusal e) {
      events.linkSetFailed(link, String.valueOf(e.getMessage()));
      throw e;
    } catch (IllegalArgumentException | LatticeException e) {
      events.linkSetFailed(link, String.valueOf(e.getMessage()));
      throw new ControlRefusal(String.valueOf(e.getMessage()));
    }
  }

  Ack deleteLink(LinkKey key, String by) throws ControlRefusal, InterruptedException {
    try {
      if (!state.hasSpec(key.sourceId())) {
        return Ack.of("successfully deleted link (spec doesn't exist)");
      }
      Optional<Link> deleted = state.deleteLink(key, by);
      return new Ack(
          "successfully deleted link" + (deleted.isPresent() ? unconfirmed(key.sourceId()) : ""),
          () -> {
            deleted.ifPresent(link -> tellProviders("linkdefs.del", link, Map.of(), Map.of()));
            events.linkDeleted(key, deleted);
          });
    } catch (LatticeException e) {
      throw new ControlRefusal(String.valueOf(e.getMessage()));
    }
  }

  Ack putConfig(String name, Map<String, String> values)
      throws ControlRefusal, InterruptedException {
    try {
      state.putConfig(name, values);
    } catch (IllegalArgumentException | LatticeException e) {
      throw new ControlRefusal(String.valueOf(e.getMessage()));
    }
    return new Ack("successfully put config", () -> events.configSet(name));
  }

  Ack deleteConfig(String name, String by) throws ControlRefusal, InterruptedException {
    String unconfirmed;
    try {
      unconfirmed = note(agreement.config(name, state.deleteConfig(name, by)));
    } catch (IllegalArgumentException | LatticeException e) {
      throw new ControlRefusal(String.valueOf(e.getMessage()));
    }
    return new Ack("successfully deleted config" + unconfirmed, () -> events.configDeleted(name));
  }

  Optional<Map<String, String>> config(String name) throws ControlRefusal, InterruptedException {
    try {
      return state.config(name);
    } catch (IllegalArgumentException | LatticeException e) {
      throw new ControlRefusal(String.valueOf(e.getMessage()));
    }
  }

  /** Which hosts do not go by the source's links as they are now, for the answer. */
  private String unconfirmed(String source) throws InterruptedException {
    return note(agreement.links(source, state.links().revision(source)));
  }

  private static String note(Optional<String> warning) {
    return warning.map(text -> "; " + text).orElse("");
  }

  private void requireConfigs(Link link) throws ControlRefusal, InterruptedException {
    StringBuilder missing = new StringBuilder();
    for (String name :
        Stream.concat(link.sourceConfig().stream(), link.targetConfig().stream())
            .distinct()
            .toList()) {
      if (state.config(name).isEmpty()) {
        missing.append(
            name.startsWith("SECRET")
                ? "Secret reference " + name + " not found in config store. "
                : "Configuration " + name + " not found in config store. ");
      }
    }
    if (!missing.isEmpty()) {
      throw new ControlRefusal("Failed to validate configuration and secrets. " + missing);
    }
  }

  private void announce(Link link, LatticeData.LinkWrite.Stored stored) {
    for (Link replaced : stored.replaced()) {
      takeBackLater(replaced);
      events.linkDeleted(LinkKey.of(replaced), Optional.of(replaced));
    }
    boolean secret =
        Stream.concat(link.sourceConfig().stream(), link.targetConfig().stream())
            .anyMatch(name -> name.startsWith("SECRET"));
    if (!secret) {
      tellProviders(
          "linkdefs.put",
          link,
          state.configs().merged(link.sourceConfig()),
          state.configs().merged(link.targetConfig()));
    }
    events.linkSet(link);
  }

  /**
   * Calls by a link that was replaced may be on their way still, and its provider lets them in for
   * that long; unless the link is back by then.
   */
  private void takeBackLater(Link replaced) {
    var _ =
        Thread.ofVirtual()
            .name("link-grace")
            .start(
                () -> {
                  LockSupport.parkNanos(grace.toNanos());
                  boolean back =
                      state.links().from(replaced.sourceId()).stream()
                          .anyMatch(link -> Links.same(link, replaced));
                  if (!back) {
                    tellProviders("linkdefs.del", replaced, Map.of(), Map.of());
                  }
                });
  }

  /** For providers that are their own process: both ends hear of it (section 5.4). */
  private void tellProviders(
      String what, Link link, Map<String, String> sourceConfig, Map<String, String> targetConfig) {
    byte[] body = Json.write(InterfaceLinkDefinition.of(link, sourceConfig, targetConfig));
    for (String end : List.of(link.sourceId(), link.target())) {
      try {
        connection.publish("wasmbus.rpc." + connection.lattice() + "." + end + "." + what, body);
      } catch (IllegalStateException e) {
        LOG.warn("{} for {} was not sent: {}", what, end, e.getMessage());
      }
    }
  }
}

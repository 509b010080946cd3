package io.wattle.lattice.control;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a subject's suffix and a body to a handler's method and its answer. */
final class ControlDispatch {
  private static final Logger LOG = LoggerFactory.getLogger(ControlDispatch.class);

  private final String hostId;
  private final ControlHandler handler;

  ControlDispatch(String hostId, ControlHandler handler) {
    this.hostId = hostId;
    this.handler = handler;
  }

  /** An answer, and what is to be done after it was sent. */
  record Outcome(ControlReply reply, Runnable then) {
    static Outcome of(Ack ack) {
      return new Outcome(ControlReply.ok(ack.message()), ack.then());
    }

    static Outcome with(Object response) {
      return new Outcome(ControlReply.with(response), () -> {});
    }
  }

  /** Empty means silence. */
  Optional<Outcome> handle(String suffix, byte[] body, String by) throws InterruptedException {
    try {
      return dispatch(suffix, body, by);
    } catch (ControlRefusal e) {
      return refused(String.valueOf(e.getMessage()));
    } catch (LatticeException | IllegalArgumentException e) {
      return isAuction(suffix) ? Optional.empty() : refused(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("{} failed", suffix, e);
      return isAuction(suffix) ? Optional.empty() : refused("internal error: " + e);
    }
  }

  private static boolean isAuction(String suffix) {
    return suffix.endsWith(".auction");
  }

  private static Optional<Outcome> refused(String message) {
    return Optional.of(new Outcome(ControlReply.refused(message), () -> {}));
  }

  private Optional<Outcome> dispatch(String suffix, byte[] body, String by)
      throws ControlRefusal, InterruptedException {
    String[] parts = suffix.split("\\.", 3);
    String command = parts.length < 2 ? suffix : parts[0] + "." + parts[1];
    return switch (command) {
      case "host.ping" -> Optional.of(Outcome.with(handler.ping()));
      case "host.get" -> Optional.of(Outcome.with(handler.inventory()));
      case "host.stop" -> ack(handler.stopHost(stopHost(body)));
      case "label.put" -> {
        Label label = Json.read(body, Label.class, "label");
        yield ack(
            handler.putLabel(
                Defaults.required("key", label.key()), Defaults.required("value", label.value())));
      }
      case "label.del" ->
          ack(
              handler.deleteLabel(
                  Defaults.required("key", Json.read(body, Label.class, "label").key())));
      case "component.auction" ->
          handler
              .auction(Json.read(body, ComponentAuction.class, "component auction"))
              .map(Outcome::with);
      case "provider.auction" ->
          handler
              .auction(Json.read(body, ProviderAuction.class, "provider auction"))
              .map(Outcome::with);
      case "component.scale" ->
          ack(handler.scale(Json.read(body, ScaleComponent.class, "scale component")));
      case "component.update" ->
          ack(handler.update(Json.read(body, UpdateComponent.class, "update component")));
      case "component.wattle_prepare" ->
          ack(
              handler.prepare(
                  Json.tree(body, "prepare component").path("component_ref").asText("")));
      case "provider.start" ->
          handler
              .startProvider(Json.read(body, StartProvider.class, "start provider"))
              .map(Outcome::of);
      case "provider.stop" ->
          ack(handler.stopProvider(Json.read(body, StopProvider.class, "stop provider")));
      case "link.put" -> putLink(body);
      case "link.del" -> ack(handler.deleteLink(Json.read(body, LinkKey.class, "link"), by));
      case "link.get" -> Optional.of(Outcome.with(handler.links()));
      case "config.put" -> ack(handler.putConfig(name(parts), config(body)));
      case "config.del" -> ack(handler.deleteConfig(name(parts), by));
      case "config.get" ->
          Optional.of(
              handler
                  .config(name(parts))
                  .map(Outcome::with)
                  .orElseGet(() -> Outcome.of(Ack.of("Configuration not found"))));
      case "claims.get" -> Optional.of(Outcome.with(handler.claims()));
      case "registry.put" ->
          ack(
              handler.putRegistries(
                  Json.read(
                      body,
                      new TypeReference<Map<String, RegistryCredential>>() {},
                      "registries")));
      default -> refused("unsupported subject");
    };
  }

  private static Optional<Outcome> ack(Ack ack) {
    return Optional.of(Outcome.of(ack));
  }

  private StopHost stopHost(byte[] body) throws ControlRefusal {
    StopHost request =
        body.length == 0
            ? new StopHost("", null, false)
            : Json.read(body, StopHost.class, "stop host");
    if (!request.hostId().isEmpty() && !request.hostId().equals(hostId)) {
      throw new ControlRefusal("invalid host_id [" + request.hostId() + "]");
    }
    return request;
  }

  private Optional<Outcome> putLink(byte[] body) throws ControlRefusal, InterruptedException {
    JsonNode tree = Json.tree(body, "link");
    boolean replace = tree.path(ControlServer.REPLACE).asBoolean(false);
    if (tree instanceof ObjectNode object) {
      object.remove(ControlServer.REPLACE);
    }
    return ack(handler.putLink(Json.read(tree, Link.class, "link"), replace));
  }

  private static String name(String[] parts) {
    if (parts.length < 3 || parts[2].isEmpty()) {
      throw new IllegalArgumentException("config name: missing (expected: one subject token)");
    }
    if (parts[2].contains(".")) {
      throw new IllegalArgumentException(
          "config name: " + parts[2] + " (expected: one subject token, without dots)");
    }
    return parts[2];
  }

  private static Map<String, String> config(byte[] body) {
    JsonNode tree = Json.tree(body, "config");
    boolean text = tree.isObject();
    for (JsonNode value : tree) {
      text &= value.isTextual();
    }
    if (!text) {
      throw new IllegalArgumentException("config data should be a map of string -> string");
    }
    return Json.read(body, new TypeReference<Map<String, String>>() {}, "config");
  }

  /** A label to put or remove. */
  record Label(
      @org.jspecify.annotations.Nullable String key,
      @org.jspecify.annotations.Nullable String value) {}
}

package io.wattle.lattice.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.link.Link;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.UUID;

/** Events as CloudEvents 1.0 in structured JSON (section 3). */
final class EventCodec {
  private static final String TYPE = "com.wasmcloud.lattice.";

  private EventCodec() {}

  static byte[] write(String source, Instant time, LatticeEvent event) {
    ObjectNode envelope = Json.mapper().createObjectNode();
    envelope.put("specversion", "1.0");
    envelope.put("id", UUID.randomUUID().toString());
    envelope.put("source", source);
    envelope.put("type", TYPE + name(event));
    envelope.put("time", time.toString());
    envelope.put("datacontenttype", "application/json");
    envelope.set("data", data(event));
    return Json.write(envelope);
  }

  static ReceivedEvent read(String lattice, byte[] body) {
    JsonNode envelope = Json.tree(body, "event");
    String type = envelope.path("type").asText("");
    String name = type.startsWith(TYPE) ? type.substring(TYPE.length()) : type;
    return new ReceivedEvent(
        lattice,
        envelope.path("id").asText(""),
        envelope.path("source").asText(""),
        time(envelope.path("time").asText("")),
        event(name, envelope.path("data")));
  }

  /** The last token of the subject. */
  static String name(LatticeEvent event) {
    return switch (event) {
      case LatticeEvent.HostStarted e -> "host_started";
      case LatticeEvent.HostHeartbeat e -> "host_heartbeat";
      case LatticeEvent.HostStopped e -> "host_stopped";
      case LatticeEvent.LabelsChanged e -> "labels_changed";
      case LatticeEvent.ComponentScaled e -> "component_scaled";
      case LatticeEvent.ComponentScaleFailed e -> "component_scale_failed";
      case LatticeEvent.ProviderStarted e -> "provider_started";
      case LatticeEvent.ProviderStartFailed e -> "provider_start_failed";
      case LatticeEvent.ProviderStopped e -> "provider_stopped";
      case LatticeEvent.HealthCheckPassed e -> "health_check_passed";
      case LatticeEvent.HealthCheckFailed e -> "health_check_failed";
      case LatticeEvent.HealthCheckStatus e -> "health_check_status";
      case LatticeEvent.LinkSet e -> "linkdef_set";
      case LatticeEvent.LinkSetFailed e -> "linkdef_set_failed";
      case LatticeEvent.LinkDeleted e -> "linkdef_deleted";
      case LatticeEvent.ConfigSet e -> "config_set";
      case LatticeEvent.ConfigDeleted e -> "config_deleted";
      case LatticeEvent.Other(String name, JsonNode data) -> name;
    };
  }

  private static JsonNode data(LatticeEvent event) {
    return switch (event) {
      case LatticeEvent.HostHeartbeat(HostInventory inventory) -> tree(inventory);
      case LatticeEvent.LinkSet(Link link) -> tree(link);
      case LatticeEvent.LinkSetFailed(Link link, String error) -> {
        JsonNode tree = tree(link);
        ((ObjectNode) tree).put("error", error);
        yield tree;
      }
      case LatticeEvent.Other(String name, JsonNode data) -> data;
      case LatticeEvent other -> tree(other);
    };
  }

  private static JsonNode tree(Object value) {
    return Json.mapper().valueToTree(value);
  }

  private static LatticeEvent event(String name, JsonNode data) {
    return switch (name) {
      case "host_started" -> as(data, name, LatticeEvent.HostStarted.class);
      case "host_heartbeat" ->
          new LatticeEvent.HostHeartbeat(Json.read(data, HostInventory.class, name));
      case "host_stopped" -> as(data, name, LatticeEvent.HostStopped.class);
      case "labels_changed" -> as(data, name, LatticeEvent.LabelsChanged.class);
      case "component_scaled" -> as(data, name, LatticeEvent.ComponentScaled.class);
      case "component_scale_failed" -> as(data, name, LatticeEvent.ComponentScaleFailed.class);
      case "provider_started" -> as(data, name, LatticeEvent.ProviderStarted.class);
      case "provider_start_failed" -> as(data, name, LatticeEvent.ProviderStartFailed.class);
      case "provider_stopped" -> as(data, name, LatticeEvent.ProviderStopped.class);
      case "health_check_passed" -> as(data, name, LatticeEvent.HealthCheckPassed.class);
      case "health_check_failed" -> as(data, name, LatticeEvent.HealthCheckFailed.class);
      case "health_check_status" -> as(data, name, LatticeEvent.HealthCheckStatus.class);
      case "linkdef_set" -> new LatticeEvent.LinkSet(Json.read(data, Link.class, name));
      case "linkdef_set_failed" -> linkSetFailed(data.deepCopy());
      case "linkdef_deleted" -> as(data, name, LatticeEvent.LinkDeleted.class);
      case "config_set" -> as(data, name, LatticeEvent.ConfigSet.class);
      case "config_deleted" -> as(data, name, LatticeEvent.ConfigDeleted.class);
      default -> new LatticeEvent.Other(name, data);
    };
  }

  private static LatticeEvent linkSetFailed(JsonNode data) {
    String error = data.path("error").asText("");
    if (data instanceof ObjectNode object) {
      object.remove("error");
    }
    return new LatticeEvent.LinkSetFailed(Json.read(data, Link.class, "linkdef_set_failed"), error);
  }

  private static <T extends LatticeEvent> T as(JsonNode data, String name, Class<T> type) {
    return Json.read(data, type, name);
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}

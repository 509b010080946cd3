package io.wattle.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wattle.controlplane.plan.AppStatus;
import io.wattle.controlplane.plan.ItemStatus;
import io.wattle.controlplane.plan.StatusType;
import io.wattle.lattice.json.Json;

/**
 * wadm's {@code Status} (control plane reference, section 3.2). What wadm does not have are further
 * fields: {@code deployment}, {@code app_version} and {@code term} of the whole, {@code subject},
 * {@code wanted} and {@code actual} of its parts.
 */
public final class StatusJson {
  private StatusJson() {}

  /**
   * The status of an application.
   *
   * @param term that of the control plane that found it
   */
  public static ObjectNode of(AppStatus status, long term) {
    ObjectNode json = plain(status.type(), status.message());
    if (!status.items().isEmpty()) {
      ArrayNode scalers = json.putArray("scalers");
      status.items().forEach(item -> scalers.add(item(item)));
    }
    json.put("deployment", status.deployment());
    json.put("term", term);
    if (status.version() != null) {
      json.put("app_version", status.version());
    }
    return json;
  }

  private static ObjectNode item(ItemStatus item) {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("id", item.id());
    json.put("kind", item.kind());
    json.put("name", item.name());
    info(json.putObject("status"), item.type(), item.message());
    json.put("subject", item.what().wire());
    json.put("wanted", item.wanted());
    json.put("actual", item.actual());
    return json;
  }

  /** A status without parts. */
  static ObjectNode plain(StatusType type, String message) {
    ObjectNode json = Json.mapper().createObjectNode();
    info(json.putObject("status"), type, message);
    json.put("version", "");
    json.putArray("components");
    return json;
  }

  private static void info(ObjectNode json, StatusType type, String message) {
    json.put("type", type.wire());
    if (!message.isEmpty()) {
      json.put("message", message);
    }
  }

  /** In which term a status was found; 0 when it does not say. */
  static long term(JsonNode status) {
    return status.path("term").asLong(0);
  }

  /** Which deployment a status is about; -1 when it does not say, as wadm's. */
  static long deployment(JsonNode status) {
    return status.path("deployment").asLong(-1);
  }
}

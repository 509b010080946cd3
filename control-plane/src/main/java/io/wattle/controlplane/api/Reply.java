package io.wattle.controlplane.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wattle.controlplane.manifest.Problem;
import io.wattle.lattice.json.Json;
import java.util.List;

/** Builds answers. */
final class Reply {
  private Reply() {}

  static ObjectNode of(String result, String message) {
    return Json.mapper().createObjectNode().put("result", result).put("message", message);
  }

  static ObjectNode error(String message) {
    return of("error", message);
  }

  /** Ours: everything found in a manifest, with its place, beside wadm's one sentence. */
  static ObjectNode with(ObjectNode reply, List<Problem> problems) {
    if (problems.isEmpty()) {
      return reply;
    }
    ArrayNode array = reply.putArray("problems");
    for (Problem problem : problems) {
      ObjectNode json = array.addObject();
      json.put("level", problem.isError() ? "Error" : "Warning");
      json.put("line", problem.at().line());
      json.put("column", problem.at().column());
      json.put("path", problem.path());
      json.put("msg", problem.message());
      put(json, "expected", problem.expected());
      put(json, "got", problem.got());
      put(json, "hint", problem.hint());
    }
    return reply;
  }

  private static void put(
      ObjectNode json, String field, @org.jspecify.annotations.Nullable String value) {
    if (value != null) {
      json.put(field, value);
    }
  }
}

package io.wattle.chaos;

import com.fasterxml.jackson.databind.JsonNode;

/** What {@code up} said when all was ready. */
record Up(JsonNode json, int adminPort) {
  /** The supervisor's process. */
  ProcessHandle supervisor() {
    return ProcessHandle.of(json.path("pid").asLong()).orElseThrow();
  }

  /** Where the first host says that it lives. */
  String livez() {
    return "http://127.0.0.1:" + adminPort + "/livez";
  }

  /** Where the first host shows its counts. */
  String metrics() {
    return "http://127.0.0.1:" + adminPort + "/metrics";
  }
}

package io.wattle.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.impl.Headers;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client of the wadm API, as wash is one. */
public final class ApiClient {
  private final LatticeConnection connection;

  public ApiClient(LatticeConnection connection) {
    this.connection = connection;
  }

  public JsonNode ask(String operation, String body) throws InterruptedException {
    return raw("wadm.api." + connection.lattice() + ".model." + operation, body);
  }

  public JsonNode raw(String subject, String body) throws InterruptedException {
    return Json.tree(
        connection.request(subject, body.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(90)),
        subject);
  }

  public JsonNode put(String manifest, String contentType) throws InterruptedException {
    Headers headers = new Headers().add("Content-Type", contentType);
    return Json.tree(
        connection.request(
            "wadm.api." + connection.lattice() + ".model.put",
            headers,
            manifest.getBytes(StandardCharsets.UTF_8),
            Duration.ofSeconds(90)),
        "put");
  }

  public JsonNode put(String manifest) throws InterruptedException {
    return ask("put", manifest);
  }

  /** An application of one provider that has this version; empty for none. */
  public static String app(String name, String version) {
    return """
    apiVersion: core.oam.dev/v1beta1
    kind: Application
    metadata:
      name: %s
      annotations: {%s description: A test}
    spec:
      components:
        - name: p
          type: capability
          properties: {image: "test/p:%s"}
    """
        .formatted(name, version.isEmpty() ? "" : "version: " + version + ",", version);
  }
}

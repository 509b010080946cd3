package io.wattle.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.JetStreamApiException;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.json.Json;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Tells that a manifest was deployed or undeployed (control plane reference, section 3.4). */
final class ManifestEvents {
  private final LatticeConnection connection;
  private final InstantSource clock;

  ManifestEvents(LatticeConnection connection, InstantSource clock) {
    this.connection = connection;
    this.clock = clock;
  }

  void published(String lattice, JsonNode manifest) {
    send(lattice, "manifest_published", manifest);
  }

  void unpublished(String lattice, String app) {
    send(lattice, "manifest_unpublished", Json.mapper().createObjectNode().put("name", app));
  }

  private void send(String lattice, String name, JsonNode data) {
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("specversion", "1.0");
    event.put("id", UUID.randomUUID().toString());
    event.put("source", "wadm");
    event.put("type", "com.wadm." + name);
    event.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    event.put("datacontenttype", "application/json");
    event.set("data", data);
    try {
      connection
          .nats()
          .jetStream(connection.jetStreamOptions())
          .publish("wadm.evt." + lattice + "." + name, Json.write(event));
    } catch (IOException e) {
      throw Streams.unreachable(connection, e);
    } catch (JetStreamApiException e) {
      throw new LatticeException(
          LatticeException.Kind.NO_JETSTREAM, "events: JetStream says: " + e.getMessage(), e);
    }
  }
}

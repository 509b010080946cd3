package io.wattle.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import io.wattle.controlplane.lease.Lease;
import io.wattle.controlplane.plan.AppStatus;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.json.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last status of every application: published on {@code wadm.status.{lattice}.{app}} when it
 * changes, by the control plane that leads, and read back from there by the others. Safe for many
 * threads.
 */
public final class StatusBoard {
  private final LatticeConnection connection;
  private final Lease lease;
  private final ConcurrentHashMap<String, JsonNode> last = new ConcurrentHashMap<>();

  /** Over this connection; its lattice does not matter. */
  public StatusBoard(LatticeConnection connection, Lease lease) {
    this.connection = connection;
    this.lease = lease;
  }

  /**
   * Publishes a status if it is another than the last.
   *
   * @return whether it was
   * @throws LatticeException when JetStream did not take it; it will be published the next time
   */
  public boolean publish(String lattice, AppStatus status) {
    String subject = subject(lattice, status.app());
    // Through text, so that it equals what is read back: a long would not equal an int.
    JsonNode json = Json.tree(Json.write(StatusJson.of(status, lease.term())), subject);
    JsonNode before = last.get(subject);
    if (json.equals(before)) {
      return false;
    }
    if (before == null && stored(subject).filter(json::equals).isPresent()) {
      last.put(subject, json);
      return false;
    }
    try {
      connection.nats().jetStream(connection.jetStreamOptions()).publish(subject, Json.write(json));
    } catch (IOException e) {
      throw Streams.unreachable(connection, e);
    } catch (JetStreamApiException e) {
      throw new LatticeException(
          LatticeException.Kind.NO_JETSTREAM, "status: JetStream says: " + e.getMessage(), e);
    }
    last.put(subject, json);
    return true;
  }

  /**
   * The last status that was found by the control plane that leads now; of an earlier one it is not
   * believed, since hosts may have come and gone since.
   */
  Optional<JsonNode> found(String lattice, String app) {
    long term = lease.term();
    return status(lattice, app).filter(s -> term > 0 && StatusJson.term(s) == term);
  }

  /** The last status, be it of an earlier control plane. */
  Optional<JsonNode> status(String lattice, String app) {
    String subject = subject(lattice, app);
    JsonNode known = lease.held() ? last.get(subject) : null;
    return known == null ? stored(subject) : Optional.of(known);
  }

  private Optional<JsonNode> stored(String subject) {
    try {
      MessageInfo message =
          connection
              .nats()
              .jetStreamManagement(connection.jetStreamOptions())
              .getLastMessage(Streams.STATUS, subject);
      byte[] data = message.getData();
      return data == null ? Optional.empty() : Optional.of(Json.tree(data, subject));
    } catch (JetStreamApiException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Streams.unreachable(connection, e);
    }
  }

  private static String subject(String lattice, String app) {
    return "wadm.status." + lattice + "." + app;
  }
}

package io.wattle.controlplane.api;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.kv.Replicas;
import java.io.IOException;
import java.time.Duration;

/**
 * wadm's streams, by their names, so that its tools find and purge them (control plane reference,
 * section 4.2).
 */
final class Streams {
  static final String STATUS = "wadm_status";
  private static final int NO_STREAM = 10059;
  private static final int NAME_IN_USE = 10058;

  private Streams() {}

  static void make(LatticeConnection connection) {
    ensure(
        connection,
        StreamConfiguration.builder()
            .name(STATUS)
            .subjects("wadm.status.*.*")
            .maxMessagesPerSubject(10)
            .allowDirect(true)
            .storageType(StorageType.File)
            .build());
    ensure(
        connection,
        StreamConfiguration.builder()
            .name("wadm_events")
            .subjects("wadm.evt.*.>")
            .maxAge(Duration.ofSeconds(70))
            .storageType(StorageType.File)
            .build());
  }

  private static void ensure(LatticeConnection connection, StreamConfiguration stream) {
    try {
      JetStreamManagement management =
          connection.nats().jetStreamManagement(connection.jetStreamOptions());
      try {
        management.getStreamInfo(stream.getName());
        Replicas.raise(connection, stream.getName());
      } catch (JetStreamApiException e) {
        if (e.getApiErrorCode() != NO_STREAM) {
          throw e;
        }
        Replicas.make(
            connection.nats(),
            connection.options().replicas(),
            copies ->
                management.addStream(StreamConfiguration.builder(stream).replicas(copies).build()));
      }
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NAME_IN_USE) { // else another one made it meanwhile
        throw new LatticeException(
            LatticeException.Kind.NO_JETSTREAM,
            "stream " + stream.getName() + ": JetStream says: " + e.getMessage(),
            e);
      }
    } catch (IOException e) {
      throw unreachable(connection, e);
    }
  }

  static LatticeException unreachable(LatticeConnection connection, IOException e) {
    return new LatticeException(
        LatticeException.Kind.UNREACHABLE,
        "JetStream at " + connection.options().url() + " did not answer (" + e.getMessage() + ")",
        e);
  }
}

package io.wattle.lattice.kv;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeOptions;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many copies JetStream keeps: what {@link LatticeOptions#replicas} says, else three where NATS
 * is a cluster of three servers, so that the loss of one loses nothing, else one.
 */
public final class Replicas {
  private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);
  private static final int IN_A_CLUSTER = 3;

  // Of nats-server: no suitable peers for placement, insufficient resources, no cluster.
  private static final Set<Integer> TOO_FEW_SERVERS = Set.of(10005, 10023, 10074);

  private Replicas() {}

  /** Makes a stream or a bucket. */
  @FunctionalInterface
  public interface Maker {
    void make(int replicas) throws IOException, JetStreamApiException;
  }

  /**
   * Makes it with as many copies as it should have.
   *
   * @param asked how many, or {@link LatticeOptions#REPLICAS_BY_CLUSTER}
   */
  public static void make(Connection nats, int asked, Maker maker)
      throws IOException, JetStreamApiException {
    int wanted = wanted(nats, asked);
    try {
      maker.make(wanted);
    } catch (JetStreamApiException e) {
      boolean free = asked == LatticeOptions.REPLICAS_BY_CLUSTER && wanted > 1;
      if (!free || !TOO_FEW_SERVERS.contains(e.getApiErrorCode())) {
        throw e;
      }
      maker.make(1);
    }
  }

  /**
   * Gives a stream the copies that it lacks: it may have been made before the cluster was complete.
   * Where that is not possible it stays as it is.
   */
  public static void raise(LatticeConnection connection, String stream)
      throws IOException, JetStreamApiException {
    int wanted = wanted(connection.nats(), connection.options().replicas());
    if (wanted <= 1) {
      return;
    }
    JetStreamManagement management =
        connection.nats().jetStreamManagement(connection.jetStreamOptions());
    StreamConfiguration is = management.getStreamInfo(stream).getConfiguration();
    if (is.getReplicas() >= wanted) {
      return;
    }
    try {
      management.updateStream(StreamConfiguration.builder(is).replicas(wanted).build());
      LOG.info("stream {} has {} copies now", stream, wanted);
    } catch (JetStreamApiException e) {
      LOG.info("stream {} stays with {} copies: {}", stream, is.getReplicas(), e.getMessage());
    }
  }

  private static int wanted(Connection nats, int asked) {
    if (asked != LatticeOptions.REPLICAS_BY_CLUSTER) {
      return asked;
    }
    String cluster = nats.getServerInfo().getCluster();
    return cluster == null || cluster.isEmpty() ? 1 : IN_A_CLUSTER;
  }
}

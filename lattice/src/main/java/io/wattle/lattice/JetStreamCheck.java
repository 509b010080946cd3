package io.wattle.lattice;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.AccountStatistics;
import java.io.IOException;

/** Is JetStream there? */
final class JetStreamCheck {
  /** Of nats-server: the cluster has no leader. */
  private static final int NO_LEADER = 10008;

  private JetStreamCheck() {}

  static AccountStatistics require(LatticeConnection connection) {
    try {
      return connection
          .nats()
          .jetStreamManagement(connection.jetStreamOptions())
          .getAccountStatistics();
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NO_LEADER) {
        throw new LatticeException(
            LatticeException.Kind.NO_JETSTREAM,
            "JetStream at "
                + connection.options().url()
                + " has no leader: more than half of the servers of the NATS cluster must run and"
                + " reach one another",
            e);
      }
      throw missing(connection, e);
    } catch (IOException e) {
      if (connection.state() != ConnectionState.CONNECTED) {
        throw new LatticeException(
            LatticeException.Kind.UNREACHABLE,
            "the connection to " + connection.options().url() + " is lost",
            e);
      }
      throw missing(connection, e);
    }
  }

  private static LatticeException missing(LatticeConnection connection, Exception e) {
    String domain = connection.options().jetStreamDomain();
    return new LatticeException(
        LatticeException.Kind.NO_JETSTREAM,
        "JetStream is not available at "
            + connection.options().url()
            + (domain == null ? "" : " in domain " + domain)
            + " ("
            + e.getMessage()
            + "): start nats-server with -js, or enable JetStream for this account",
        e);
  }
}

package io.wattle.lattice;

import io.nats.client.Connection;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client library's complaints, as log lines. */
final class QuietErrors implements ErrorListener {
  private static final Logger LOG = LoggerFactory.getLogger("io.wattle.lattice.nats");

  @Override
  public void errorOccurred(Connection connection, String error) {
    LOG.warn("NATS: {}", error);
  }

  @Override
  public void exceptionOccurred(Connection connection, Exception e) {
    LOG.debug("NATS connection: {}", e.toString());
  }

  @Override
  public void slowConsumerDetected(Connection connection, Consumer consumer) {
    LOG.warn("NATS messages were dropped: a subscription of ours was read too slowly");
  }
}

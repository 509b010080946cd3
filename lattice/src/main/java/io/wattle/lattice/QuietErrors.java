package io.wattle.lattice;

import io.nats.client.Connection;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client library's complaints, as log lines. */
final class QuietErrors implements ErrorListener {
  private static final Logger LOG = LoggerFactory.getLogger("io.wattle.lattice.nats");

  // The client library's words when one side insists on TLS and the other has none.
  private static final String NONE_HERE = "SSL required by server";
  private static final String NONE_THERE = "SSL connection wanted by client";

  private volatile @Nullable String disagreement;

  /** That one side insists on TLS which the other does not speak. */
  Optional<String> disagreement() {
    return Optional.ofNullable(disagreement);
  }

  @Override
  public void errorOccurred(Connection connection, String error) {
    LOG.warn("NATS: {}", error);
  }

  @Override
  public void exceptionOccurred(Connection connection, Exception e) {
    LOG.debug("NATS connection: {}", e.toString());
    String message = String.valueOf(e.getMessage());
    if (message.contains(NONE_HERE)) {
      disagreement = "asks for TLS: use its join token, or --ctl-tls-ca-file, or a tls:// address";
    } else if (message.contains(NONE_THERE)) {
      disagreement = "has no TLS, so that nobody knows whether it is the right one";
    }
  }

  @Override
  public void slowConsumerDetected(Connection connection, Consumer consumer) {
    LOG.warn("NATS messages were dropped: a subscription of ours was read too slowly");
  }
}

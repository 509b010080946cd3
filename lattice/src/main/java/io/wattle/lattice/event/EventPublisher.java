package io.wattle.lattice.event;

import io.wattle.lattice.LatticeConnection;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes events of one source with core NATS: no answer, no store. */
public final class EventPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);

  private final LatticeConnection connection;
  private final String source;
  private final InstantSource clock;

  /** Events of {@code source}, the host's id. */
  public EventPublisher(LatticeConnection connection, String source, InstantSource clock) {
    this.connection = connection;
    this.source = source;
    this.clock = clock;
  }

  /** Publishes an event; while the connection is lost it is kept a moment, or logged and lost. */
  public void publish(LatticeEvent event) {
    String subject = "wasmbus.evt." + connection.lattice() + "." + EventCodec.name(event);
    try {
      connection.publish(subject, EventCodec.write(source, clock.instant(), event));
    } catch (IllegalStateException e) {
      LOG.warn("event {} is lost: {}", subject, e.getMessage());
    }
  }
}

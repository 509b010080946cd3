package io.wattle.lattice;

import io.nats.client.Connection;
import io.nats.client.JetStreamOptions;
import io.nats.client.KeyValueOptions;
import io.nats.client.api.AccountStatistics;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the NATS servers of a lattice. A lost one is tried again for ever; listeners hear
 * of it. Safe for many threads.
 */
public final class LatticeConnection implements AutoCloseable {
  private final LatticeOptions options;
  private final NatsLink link;
  private final Closing closing;

  /** What {@link #close} does. */
  private enum Closing {
    CLOSES,
    DETACHES,
    NOTHING
  }

  private LatticeConnection(LatticeOptions options, NatsLink link, Closing closing) {
    this.options = options;
    this.link = link;
    this.closing = closing;
  }

  /**
   * Connects.
   *
   * @throws LatticeException when no server is reached or it refuses us; the message says what to
   *     do
   */
  public static LatticeConnection connect(LatticeOptions options) throws InterruptedException {
    return new LatticeConnection(options, NatsLink.connect(options), Closing.CLOSES);
  }

  /**
   * A connection that somebody else made and will close, for what is built on ours, such as
   * buckets; closing this one only ends that it is followed.
   */
  public static LatticeConnection over(Connection nats) {
    String url = nats.getConnectedUrl();
    return new LatticeConnection(
        LatticeOptions.of(url == null ? LatticeOptions.DEFAULT_URL : url, "default"),
        NatsLink.over(nats),
        Closing.DETACHES);
  }

  /** How we connected. */
  public LatticeOptions options() {
    return options;
  }

  /** The lattice's name. */
  public String lattice() {
    return options.lattice();
  }

  /** The same connection seen as that of another lattice; closing it closes nothing. */
  public LatticeConnection forLattice(String lattice) {
    return new LatticeConnection(options.withLattice(lattice), link, Closing.NOTHING);
  }

  /** The client library's connection. */
  public Connection nats() {
    return link.connection();
  }

  /** Whether NATS is there now. */
  public ConnectionState state() {
    return link.state();
  }

  /** Tells the state now and every change, one after the other. */
  public Subscription onState(Consumer<ConnectionState> listener) {
    return link.onState(listener);
  }

  /** The largest payload the server takes, in bytes. */
  public int maxPayload() {
    return (int) Math.min(Integer.MAX_VALUE, nats().getMaxPayload());
  }

  /** Publishes. */
  public void publish(String subject, byte[] body) {
    nats().publish(subject, body);
  }

  /**
   * Asks, and waits for one answer at most {@code timeout}.
   *
   * @throws LatticeException of kind NO_RESPONDERS or TIMEOUT
   */
  public byte[] request(String subject, byte[] body, Duration timeout) throws InterruptedException {
    return Requests.request(this, subject, null, body, timeout);
  }

  /** As above, with headers. */
  public byte[] request(String subject, @Nullable Headers headers, byte[] body, Duration timeout)
      throws InterruptedException {
    return Requests.request(this, subject, headers, body, timeout);
  }

  /**
   * Asks the server whether JetStream is there.
   *
   * @throws LatticeException of kind NO_JETSTREAM; the message says what to do
   */
  public AccountStatistics requireJetStream() throws InterruptedException {
    return JetStreamCheck.require(this);
  }

  /** For JetStream requests: domain and timeout. */
  public JetStreamOptions jetStreamOptions() {
    JetStreamOptions.Builder builder =
        JetStreamOptions.builder().requestTimeout(options.requestTimeout());
    if (options.jetStreamDomain() != null) {
      builder.domain(options.jetStreamDomain());
    }
    return builder.build();
  }

  /** For buckets: domain and timeout. */
  public KeyValueOptions keyValueOptions() {
    return KeyValueOptions.builder().jetStreamOptions(jetStreamOptions()).build();
  }

  /**
   * Waits until the server has seen everything sent so far.
   *
   * @throws LatticeException of kind TIMEOUT or UNREACHABLE
   */
  public void flush(Duration timeout) throws InterruptedException {
    try {
      nats().flush(timeout);
    } catch (TimeoutException e) {
      throw new LatticeException(
          LatticeException.Kind.TIMEOUT,
          "NATS at "
              + options.url()
              + " did not answer a ping within "
              + timeout.toMillis()
              + " ms",
          e);
    } catch (IllegalStateException e) {
      throw new LatticeException(
          LatticeException.Kind.UNREACHABLE, "the connection to " + options.url() + " is lost", e);
    }
  }

  /** Round trip to the server. */
  public Duration roundTrip() {
    try {
      return nats().RTT();
    } catch (IOException e) {
      throw new LatticeException(
          LatticeException.Kind.UNREACHABLE, "NATS not reached at " + options.url(), e);
    }
  }

  /** Sends what is waiting and closes; a view made by {@link #forLattice} closes nothing. */
  @Override
  public void close() {
    switch (closing) {
      case CLOSES -> link.close();
      case DETACHES -> link.detach();
      case NOTHING -> {}
    }
  }

  @Override
  public String toString() {
    return "lattice " + lattice() + " at " + options.url();
  }
}

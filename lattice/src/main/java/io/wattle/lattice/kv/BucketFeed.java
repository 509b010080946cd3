package io.wattle.lattice.kv;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.KeyValueEntry;
import io.wattle.lattice.ConnectionState;
import io.wattle.lattice.LatticeConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One consumer of a bucket, which says when it does not hear everything. Such a consumer lives on
 * one server of a cluster, and not always on the one we are connected to: when that one dies, the
 * connection stays and nobody says anything. The client library's own watch finds it out after 15
 * to 45 s, and cannot be told otherwise; ours takes 3 to 4.
 */
final class BucketFeed implements AutoCloseable {
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final Executor SOON =
      CompletableFuture.delayedExecutor(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);

  // Status messages of push consumers, and what they say (NATS's ADR-15).
  private static final int CONTROL = 100;
  private static final String DELIVERED = "Nats-Last-Consumer";
  private static final String STALLED = "Nats-Consumer-Stalled";

  private final LatticeConnection connection;
  private final Listener listener;
  private final Dispatcher dispatcher;
  private long received; // of the consumer's numbers; by the dispatcher's thread only
  private volatile long heardNanos = System.nanoTime();
  private final AtomicBoolean ended = new AtomicBoolean();

  private BucketFeed(LatticeConnection connection, Listener listener) {
    this.connection = connection;
    this.listener = listener;
    this.dispatcher = connection.nats().createDispatcher();
  }

  /** Hears of a bucket. */
  interface Listener {
    /** The last entry of a key, or a change; in order. */
    void entry(KeyValueEntry entry);

    /** There is nothing more to tell now; perhaps several times. */
    void end();

    /** Something was missed, or nothing comes any more: a new feed is needed. Once. */
    void lost();
  }

  /**
   * Begins to listen.
   *
   * @param keys a key, or {@code >} for all
   */
  static BucketFeed start(Bucket bucket, String keys, Listener listener)
      throws IOException, JetStreamApiException {
    LatticeConnection connection = bucket.connection();
    BucketFeed feed = new BucketFeed(connection, listener);
    try {
      feed.listen("KV_" + bucket.name(), "$KV." + bucket.name() + "." + keys);
      return feed;
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      feed.close();
      throw e;
    }
  }

  private void listen(String stream, String subject) throws IOException, JetStreamApiException {
    Connection nats = connection.nats();
    String inbox = nats.createInbox();
    dispatcher.subscribe(inbox, this::message);
    ConsumerConfiguration consumer =
        ConsumerConfiguration.builder()
            .deliverSubject(inbox)
            .deliverPolicy(DeliverPolicy.LastPerSubject)
            .filterSubject(subject)
            .ackPolicy(AckPolicy.None)
            .maxDeliver(1)
            .memStorage(true)
            .numReplicas(1)
            .flowControl(HEARTBEAT)
            .build();
    long there =
        nats.jetStreamManagement(connection.jetStreamOptions())
            .addOrUpdateConsumer(stream, consumer)
            .getCalculatedPending();
    if (there == 0) {
      listener.end();
    }
    SOON.execute(this::look);
  }

  private void message(Message message) {
    heardNanos = System.nanoTime();
    if (message.isStatusMessage()) {
      status(message);
    } else if (message.isJetStream()) {
      received++;
      if (message.metaData().consumerSequence() != received) {
        lost();
        return;
      }
      KeyValueEntry entry = new KeyValueEntry(message);
      listener.entry(entry);
      if (entry.getDelta() == 0) {
        listener.end();
      }
    }
  }

  private void status(Message message) {
    if (message.getStatus().getCode() != CONTROL) {
      return;
    }
    if (message.getReplyTo() != null) { // asks whether we keep up
      connection.nats().publish(message.getReplyTo(), null);
      return;
    }
    String stalled = header(message, STALLED);
    if (stalled != null) {
      connection.nats().publish(stalled, null);
    }
    String delivered = header(message, DELIVERED);
    if (delivered != null && !delivered.equals(Long.toString(received))) {
      lost();
    }
  }

  private static @Nullable String header(Message message, String name) {
    return message.getHeaders() == null ? null : message.getHeaders().getFirst(name);
  }

  /** Now and then: whether it still comes. While NATS is away nothing can; then that is known. */
  private void look() {
    if (ended.get()) {
      return;
    }
    if (connection.state() == ConnectionState.CONNECTED
        && System.nanoTime() - heardNanos > SILENCE_NANOS) {
      lost();
    } else {
      SOON.execute(this::look);
    }
  }

  private void lost() {
    if (ended.compareAndSet(false, true)) {
      listener.lost();
    }
  }

  @Override
  public void close() {
    ended.set(true);
    try {
      connection.nats().closeDispatcher(dispatcher);
    } catch (IllegalStateException | IllegalArgumentException e) {
      // the connection is closed, and the dispatcher with it
    }
  }
}

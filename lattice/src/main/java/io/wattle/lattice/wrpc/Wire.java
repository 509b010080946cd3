package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.wattle.lattice.ConnectionState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.call.CallException;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Publishes, in pieces NATS can carry, and not faster than NATS takes them. */
final class Wire {
  static final byte[] EMPTY = new byte[0];
  private static final int FLUSH_EVERY = 1024 * 1024;
  private static final Duration FLUSH_WITHIN = Duration.ofSeconds(10);

  private final LatticeConnection connection;
  private final boolean additions;
  private final @Nullable AtomicInteger messages;

  /**
   * @param additions whether what we add to the wire is said and heard
   */
  Wire(LatticeConnection connection, boolean additions) {
    this(connection, additions, null);
  }

  private Wire(LatticeConnection connection, boolean additions, @Nullable AtomicInteger messages) {
    this.connection = connection;
    this.additions = additions;
    this.messages = messages;
  }

  /** The same, adding one to {@code counter} for each message. */
  Wire counting(AtomicInteger counter) {
    return new Wire(connection, additions, counter);
  }

  boolean additions() {
    return additions;
  }

  /** An addition in a message's headers; plain wRPC sees none. */
  Optional<String> addition(Message message, String header) {
    return additions ? WrpcHeaders.get(message, header) : Optional.empty();
  }

  /** Why there is no answer, if the message says so. */
  Optional<CallException> error(Message message) {
    return additions ? WrpcHeaders.error(message) : Optional.empty();
  }

  /** The headers that say why; plain wRPC has none. */
  @Nullable Headers error(CallException.Kind kind, @Nullable String text) {
    return additions ? WrpcHeaders.error(kind, text) : null;
  }

  LatticeConnection connection() {
    return connection;
  }

  int maxPayload() {
    return connection.maxPayload();
  }

  /** One message; waits while the client library's queue is full. */
  void publish(
      String subject,
      @Nullable String replyTo,
      @Nullable Headers headers,
      byte[] body,
      Deadline deadline)
      throws CallException, InterruptedException {
    while (true) {
      try {
        connection.nats().publish(subject, replyTo, headers, body);
        if (messages != null) {
          messages.incrementAndGet();
        }
        return;
      } catch (IllegalStateException e) {
        boolean full = String.valueOf(e.getMessage()).contains("queue");
        if (!full || connection.state() != ConnectionState.CONNECTED || deadline.passed()) {
          throw new CallException(
              CallException.Kind.LOST,
              "the connection to " + connection.options().url() + " is lost",
              e);
        }
        TimeUnit.MILLISECONDS.sleep(1);
      } catch (IllegalArgumentException e) {
        throw new CallException(CallException.Kind.FAILED, subject + ": " + e.getMessage(), e);
      }
    }
  }

  /** A root stream from {@code from} on, in pieces; without the empty message that ends it. */
  void publishAll(String subject, byte[] data, int from, Deadline deadline)
      throws CallException, InterruptedException {
    int piece = maxPayload();
    int unflushed = 0;
    for (int at = from; at < data.length; at += piece) {
      byte[] part =
          at == 0 && data.length <= piece
              ? data
              : Arrays.copyOfRange(data, at, Math.min(data.length, at + piece));
      publish(subject, null, null, part, deadline);
      unflushed += part.length;
      if (unflushed >= 4 * FLUSH_EVERY) {
        flush(deadline);
        unflushed = 0;
      }
    }
  }

  /** Waits until the server has taken everything. */
  void flush(Deadline deadline) throws CallException, InterruptedException {
    try {
      connection.flush(deadline.atMost(FLUSH_WITHIN).left().plusMillis(1));
    } catch (LatticeException e) {
      throw new CallException(CallException.Kind.LOST, String.valueOf(e.getMessage()), e);
    }
  }

  static int flushEvery() {
    return FLUSH_EVERY;
  }
}

package io.wattle.lattice.wrpc;

import io.nats.client.impl.Headers;
import io.wattle.lattice.ConnectionState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.call.CallException;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Publishes, in pieces NATS can carry, and not faster than NATS takes them. */
final class Wire {
  static final byte[] EMPTY = new byte[0];
  private static final int FLUSH_EVERY = 1024 * 1024;
  private static final Duration FLUSH_WITHIN = Duration.ofSeconds(10);

  private final LatticeConnection connection;

  Wire(LatticeConnection connection) {
    this.connection = connection;
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

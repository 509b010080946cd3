package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallException;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.PipeAbortedException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one stream or future on its path, on a thread of its own. */
final class StreamSender {
  /** Bytes that may be on their way to a reader that tells credit. */
  static final int WINDOW = 256 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(StreamSender.class);
  private static final int CHUNK = 32 * 1024;
  private static final int LENGTH_BYTES = 5;

  private final Wire wire;
  private final String subject;
  private final @Nullable String creditSubject;
  private final Deadline deadline;
  private long sent;
  private int unflushed;
  private long taken;
  private @Nullable String refused;
  private @Nullable AsyncValue value;

  /**
   * A sender to {@code subject}.
   *
   * @param creditSubject where the reader tells what it has taken; null when it does not
   */
  StreamSender(Wire wire, String subject, @Nullable String creditSubject, Deadline deadline) {
    this.wire = wire;
    this.subject = subject;
    this.creditSubject = creditSubject;
    this.deadline = deadline;
  }

  /**
   * The reader has taken more, or gives up; or NATS says that nobody listened to what was sent,
   * which is then missing, even if the reader comes back.
   */
  void credit(Message message) {
    if (message.isStatusMessage()) {
      lost("its reader is gone: NATS says " + message.getStatus().getMessageWithCode());
    } else {
      told(message);
    }
  }

  private synchronized void told(Message message) {
    WrpcHeaders.error(message).ifPresent(e -> refused = String.valueOf(e.getMessage()));
    try {
      long total = Long.parseLong(new String(message.getData(), StandardCharsets.US_ASCII));
      taken = Math.max(taken, total);
    } catch (NumberFormatException e) {
      LOG.debug("credit on {} is no number", subject);
    }
    notifyAll();
  }

  /** Nobody reads any more: whoever writes hears of it at once. */
  void lost(String reason) {
    AsyncValue given;
    synchronized (this) {
      refused = reason;
      notifyAll();
      given = value;
    }
    if (given != null) {
      giveUp(given, reason);
    }
  }

  private static void giveUp(AsyncValue value, String reason) {
    switch (value) {
      case AsyncValue.ByteStream(BytePipe bytes) -> bytes.abort(reason);
      case AsyncValue.Future(CompletableFuture<byte[]> encoded) ->
          encoded.completeExceptionally(new CallException(CallException.Kind.LOST, reason));
    }
  }

  /**
   * Sends to the end. The reader sees the end, or an abort with a reason.
   *
   * @return whether it was sent whole
   */
  boolean send(AsyncValue value) throws InterruptedException {
    String before;
    synchronized (this) {
      this.value = value;
      before = refused;
    }
    if (before != null) {
      giveUp(value, before);
    }
    try {
      return switch (value) {
        case AsyncValue.ByteStream(BytePipe pipe) -> sendBytes(pipe);
        case AsyncValue.Future(CompletableFuture<byte[]> encoded) -> sendFuture(encoded);
      };
    } catch (CallException e) {
      LOG.debug("{} ended: {}", subject, e.getMessage());
      return false;
    }
  }

  private boolean sendBytes(BytePipe pipe) throws CallException, InterruptedException {
    byte[] buffer = new byte[Math.min(CHUNK, wire.maxPayload() - LENGTH_BYTES)];
    try {
      int n;
      while ((n = pipe.read(buffer, 0, buffer.length, deadline)) >= 0) {
        chunk(buffer, n);
      }
      chunk(buffer, 0);
      end(null);
      return true;
    } catch (PipeAbortedException e) {
      end(String.valueOf(e.getMessage()));
      return false;
    } catch (TimeoutException e) {
      pipe.abort(String.valueOf(e.getMessage()));
      end(e.getMessage());
      return false;
    } catch (CallException e) {
      pipe.abort(String.valueOf(e.getMessage()));
      end(e.getMessage());
      throw e;
    } catch (InterruptedException e) {
      pipe.abort("interrupted");
      end("interrupted");
      throw e;
    }
  }

  private void chunk(byte[] buffer, int length) throws CallException, InterruptedException {
    ValueEncoder encoder = new ValueEncoder(length + LENGTH_BYTES);
    encoder.bytes(buffer, 0, length);
    byte[] body = encoder.toBytes();
    if (creditSubject != null) {
      awaitRoom(body.length);
    }
    wire.publish(subject, creditSubject, null, body, deadline);
    sent += body.length;
    unflushed += body.length;
    if (creditSubject == null && unflushed >= Wire.flushEvery()) {
      unflushed = 0;
      wire.flush(deadline);
    }
  }

  private synchronized void awaitRoom(int length) throws CallException, InterruptedException {
    while (refused == null && sent + length - taken > WINDOW) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline.nanosLeft());
      if (left <= 0) {
        throw new CallException(
            CallException.Kind.TIMEOUT, "deadline passed while the reader of a stream was slow");
      }
      wait(left);
    }
    if (refused != null) {
      throw new CallException(CallException.Kind.LOST, refused);
    }
  }

  private boolean sendFuture(CompletableFuture<byte[]> encoded)
      throws CallException, InterruptedException {
    try {
      byte[] value = encoded.get(Math.max(0, deadline.left().toMillis()), TimeUnit.MILLISECONDS);
      wire.publishAll(subject, value, 0, deadline);
      end(null);
      return true;
    } catch (ExecutionException e) {
      end(e.getCause() == null ? "failed" : String.valueOf(e.getCause().getMessage()));
    } catch (TimeoutException e) {
      end("deadline passed");
    } catch (java.util.concurrent.CancellationException e) {
      end("cancelled");
    }
    return false;
  }

  /** The empty message, with the reason of an abort. */
  private void end(@Nullable String reason) throws InterruptedException {
    Headers headers = reason == null ? null : wire.error(CallException.Kind.FAILED, reason);
    try {
      wire.publish(subject, null, headers, Wire.EMPTY, deadline);
    } catch (CallException e) {
      LOG.debug("{}: its end was not sent: {}", subject, e.getMessage());
    }
  }
}

package io.wattle.lattice;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One question, one answer. */
final class Requests {
  private Requests() {}

  static byte[] request(
      LatticeConnection connection,
      String subject,
      @Nullable Headers headers,
      byte[] body,
      Duration timeout)
      throws InterruptedException {
    CompletableFuture<Message> answer;
    try {
      answer = connection.nats().requestWithTimeout(subject, headers, body, timeout);
    } catch (IllegalStateException e) {
      throw new LatticeException(
          LatticeException.Kind.UNREACHABLE,
          "the connection to " + connection.options().url() + " is lost",
          e);
    }
    try {
      Message message = answer.get(timeout.toMillis() + 500, TimeUnit.MILLISECONDS);
      if (message.isStatusMessage()) {
        throw noResponders(subject);
      }
      return message.getData();
    } catch (TimeoutException | CancellationException e) {
      if (e instanceof CancellationException && isNoResponders(e)) {
        throw noResponders(subject);
      }
      throw timeout(subject, timeout);
    } catch (ExecutionException e) {
      if (isNoResponders(e)) {
        throw noResponders(subject);
      }
      if (e.getCause() instanceof TimeoutException) {
        throw timeout(subject, timeout);
      }
      throw new LatticeException(
          LatticeException.Kind.UNREACHABLE, "request on " + subject + ": " + e.getCause(), e);
    }
  }

  private static boolean isNoResponders(Exception e) {
    return String.valueOf(e.getMessage()).contains("503")
        || String.valueOf(e.getCause()).contains("503");
  }

  private static LatticeException noResponders(String subject) {
    return new LatticeException(
        LatticeException.Kind.NO_RESPONDERS, "nobody listens on " + subject);
  }

  private static LatticeException timeout(String subject, Duration timeout) {
    return new LatticeException(
        LatticeException.Kind.TIMEOUT,
        "no answer on " + subject + " within " + timeout.toMillis() + " ms");
  }
}

package io.wattle.lattice.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.json.Json;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One question, many answers. */
final class Gather {
  private static final Logger LOG = LoggerFactory.getLogger(Gather.class);

  private Gather() {}

  /** Whether this answer, the {@code count}th, was the last one needed. */
  interface Enough<T> {
    boolean reached(T answer, int count);
  }

  static <T> List<T> all(
      LatticeConnection connection,
      String subject,
      byte[] body,
      Duration window,
      Class<T> type,
      Enough<T> enough)
      throws InterruptedException {
    return all(connection, subject, body, () -> window, window, type, enough);
  }

  /**
   * As above, but each answer is waited for at most as long as {@code patience} says then.
   *
   * @param window for all together
   */
  static <T> List<T> all(
      LatticeConnection connection,
      String subject,
      byte[] body,
      Supplier<Duration> patience,
      Duration window,
      Class<T> type,
      Enough<T> enough)
      throws InterruptedException {
    List<T> answers = new ArrayList<>();
    String inbox = connection.nats().createInbox();
    Deadline deadline = Deadline.in(window);
    Subscription subscription = connection.nats().subscribe(inbox);
    try {
      connection.nats().publish(subject, inbox, body);
      while (!deadline.passed()) {
        Message message = subscription.nextMessage(deadline.atMost(patience.get()).left());
        if (message == null || message.isStatusMessage()) {
          break;
        }
        T answer = read(message.getData(), type, subject);
        if (answer != null) {
          answers.add(answer);
          if (enough.reached(answer, answers.size())) {
            break;
          }
        }
      }
      return answers;
    } catch (IllegalStateException e) {
      throw new LatticeException(
          LatticeException.Kind.UNREACHABLE,
          "the connection to " + connection.options().url() + " is lost",
          e);
    } finally {
      if (subscription.isActive()) {
        subscription.unsubscribe();
      }
    }
  }

  private static <T> @org.jspecify.annotations.Nullable T read(
      byte[] data, Class<T> type, String subject) {
    try {
      JsonNode answer = Json.tree(data, subject);
      JsonNode response = answer.get("response");
      if (response != null && answer.path("success").asBoolean(false)) {
        return Json.read(response, type, subject);
      }
      LOG.warn("an answer on {} is left out: {}", subject, answer.path("message").asText("?"));
      return null;
    } catch (LatticeException e) {
      LOG.warn("an answer is left out: {}", e.getMessage());
      return null;
    }
  }
}

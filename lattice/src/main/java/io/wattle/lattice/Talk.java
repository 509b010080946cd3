package io.wattle.lattice;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.wattle.wit.io.Deadline;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members of a lattice who talk about something on one subject: whoever takes part hears what all
 * say. Nothing is kept or repeated; what is said while the connection is lost is not heard.
 */
public final class Talk implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Talk.class);

  private final LatticeConnection connection;
  private final String subject;
  private final String inbox;
  private final Dispatcher dispatcher;

  /**
   * What somebody said.
   *
   * @param replyTo where an answer goes, null when none is expected
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Said(byte[] body, @Nullable String replyTo) {}

  private Talk(LatticeConnection connection, String subject, Consumer<Said> heard) {
    this.connection = connection;
    this.subject = subject;
    this.inbox = connection.nats().createInbox();
    this.dispatcher =
        connection
            .nats()
            .createDispatcher(
                message -> heard.accept(new Said(message.getData(), message.getReplyTo())));
  }

  /** Takes part. What is heard comes on one thread, one after the other. */
  public static Talk join(LatticeConnection connection, String subject, Consumer<Said> heard) {
    Talk talk = new Talk(connection, subject, heard);
    talk.dispatcher.subscribe(talk.subject);
    talk.dispatcher.subscribe(talk.inbox);
    return talk;
  }

  /** Says something to all; answers are heard like everything else. */
  public void say(byte[] body) {
    publish(subject, inbox, body);
  }

  /** Says something to all that needs no answer. */
  public void tell(byte[] body) {
    publish(subject, null, body);
  }

  /** Answers what was said. */
  public void answer(Said said, byte[] body) {
    String replyTo = said.replyTo();
    if (replyTo != null) {
      publish(replyTo, null, body);
    }
  }

  /**
   * Asks all, and reads answers until the deadline.
   *
   * @param enough takes each answer and says whether no more are needed
   */
  public void ask(byte[] body, Deadline deadline, Predicate<byte[]> enough)
      throws InterruptedException {
    String answers = connection.nats().createInbox();
    Subscription subscription = connection.nats().subscribe(answers);
    try {
      publish(subject, answers, body);
      boolean done = false;
      while (!done && !deadline.passed()) {
        Message answer = subscription.nextMessage(deadline.left());
        done = answer != null && !answer.isStatusMessage() && enough.test(answer.getData());
      }
    } catch (IllegalStateException e) {
      LOG.warn("nobody was asked on {}: {}", subject, e.getMessage());
    } finally {
      if (subscription.isActive()) {
        subscription.unsubscribe();
      }
    }
  }

  private void publish(String to, @Nullable String replyTo, byte[] body) {
    try {
      connection.nats().publish(to, replyTo, body);
    } catch (IllegalStateException e) {
      LOG.debug("not said on {}, the connection is lost", to);
    }
  }

  @Override
  public void close() {
    if (dispatcher.isActive()) {
      connection.nats().closeDispatcher(dispatcher);
    }
  }
}

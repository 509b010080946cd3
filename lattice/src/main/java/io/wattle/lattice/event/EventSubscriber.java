package io.wattle.lattice.event;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.Subscription;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens to events. What cannot be read is logged and skipped. */
public final class EventSubscriber {
  private static final Logger LOG = LoggerFactory.getLogger(EventSubscriber.class);
  private static final int LATTICE_TOKEN = 2;

  private EventSubscriber() {}

  /** All events of the connection's lattice, one after the other, on a thread of its own. */
  public static Subscription subscribe(
      LatticeConnection connection, Consumer<ReceivedEvent> listener) {
    return subscribe(connection, "wasmbus.evt." + connection.lattice() + ".>", listener);
  }

  /** The events of all lattices the account can see. */
  public static Subscription subscribeAll(
      LatticeConnection connection, Consumer<ReceivedEvent> listener) {
    return subscribe(connection, "wasmbus.evt.*.>", listener);
  }

  private static Subscription subscribe(
      LatticeConnection connection, String subject, Consumer<ReceivedEvent> listener) {
    Dispatcher dispatcher =
        connection.nats().createDispatcher(message -> deliver(message, listener));
    dispatcher.subscribe(subject);
    return () -> {
      if (dispatcher.isActive()) {
        connection.nats().closeDispatcher(dispatcher);
      }
    };
  }

  private static void deliver(Message message, Consumer<ReceivedEvent> listener) {
    try {
      String lattice = message.getSubject().split("\\.", 5)[LATTICE_TOKEN];
      listener.accept(EventCodec.read(lattice, message.getData()));
    } catch (RuntimeException e) {
      LOG.warn("event on {} skipped: {}", message.getSubject(), e.getMessage());
    }
  }
}

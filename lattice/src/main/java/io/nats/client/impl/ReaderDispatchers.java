package io.nats.client.impl;

import io.nats.client.MessageHandler;
import org.jspecify.annotations.NullMarked;

/**
 * Dispatchers without a thread of their own, for handlers that never wait: they run on the thread
 * that reads the connection, which spares a change of threads for each message, and a thread for
 * each dispatcher.
 *
 * <p>It lies in the client library's package because the factory that its options take can be
 * written nowhere else. What it needs of it is not promised to stay; an upgrade that changes it
 * does not compile.
 */
@NullMarked
public final class ReaderDispatchers extends DispatcherFactory {

  /**
   * A handler that may be run by the connection's reader: it must not wait, and not publish either,
   * because that waits when the server does not keep up. Exceptions go to the error listener.
   */
  @FunctionalInterface
  public interface OnReader extends MessageHandler {
    @Override
    void onMessage(io.nats.client.Message message);
  }

  @Override
  NatsDispatcher createDispatcher(NatsConnection connection, MessageHandler handler) {
    return handler instanceof OnReader direct
        ? new ReaderDispatcher(connection, direct)
        : super.createDispatcher(connection, handler);
  }

  private static final class ReaderDispatcher extends NatsDispatcher {
    private final ConsumerMessageQueue passage;

    ReaderDispatcher(NatsConnection connection, OnReader handler) {
      super(connection, handler);
      passage =
          new ConsumerMessageQueue() {
            @Override
            void push(NatsMessage message) {
              hand(message, handler);
            }
          };
    }

    @Override
    public void start(String id) {
      internalStart(id, /* threaded= */ false);
    }

    @Override
    ConsumerMessageQueue getMessageQueue() {
      return passage; // always empty, so that nothing is ever pending
    }

    /** The server's answer to the last flush was read, and with it whatever came before. */
    @Override
    void markUnsubedForDrain() {
      running.set(false);
    }

    private void hand(NatsMessage message, OnReader handler) {
      NatsSubscription subscription = message.getNatsSubscription();
      subscription.incrementDeliveredCount();
      incrementDeliveredCount();
      try {
        handler.onMessage(message);
      } catch (Exception e) {
        connection.processException(e);
      } catch (Error e) { // else it would end the connection
        connection.processException(new Exception(e));
      }
      if (subscription.reachedUnsubLimit()) {
        connection.invalidate(subscription);
      }
    }
  }
}

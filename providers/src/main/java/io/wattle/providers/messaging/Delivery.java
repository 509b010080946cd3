package io.wattle.providers.messaging;

import io.micrometer.core.instrument.Counter;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.messaging.BrokerMessage;
import io.wattle.lattice.messaging.HandlerClient;
import io.wattle.lattice.messaging.MessagingException;
import io.wattle.providers.PatientCalls;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderLink;
import io.wattle.wit.io.Deadline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the messages of one link's subscriptions to its component, many at once and in no order. As
 * often with core NATS: at most once, but that a message which nobody took is offered again for a
 * while.
 */
final class Delivery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  /** Messages with the component; the next ones wait in the client, then NATS drops them. */
  private static final int MOST = 256;

  private static final long PENDING_MESSAGES = 65_536;
  private static final long PENDING_BYTES = 32L << 20;
  private static final List<String> TRACE = List.of("traceparent", "tracestate");

  private final ProviderContext context;
  private final ProviderLink link;
  private final HandlerClient component;
  private final Connection nats;
  private final Semaphore room = new Semaphore(MOST);
  private final Dispatcher dispatcher;
  private volatile boolean closed;

  Delivery(
      ProviderContext context,
      ProviderLink link,
      Connection nats,
      List<Subjects.Subscribed> subscriptions) {
    this.context = context;
    this.link = link;
    this.component = new HandlerClient(context.calls(), link.target());
    this.nats = nats;
    this.dispatcher = nats.createDispatcher(this::arrived);
    dispatcher.setPendingLimits(PENDING_MESSAGES, PENDING_BYTES);
    for (Subjects.Subscribed wanted : subscriptions) {
      var _ =
          wanted.queue().isPresent()
              ? dispatcher.subscribe(wanted.subject(), wanted.queue().get())
              : dispatcher.subscribe(wanted.subject());
    }
  }

  /** On the dispatcher's thread, which waits while there is no room. */
  private void arrived(Message message) throws InterruptedException {
    room.acquire();
    var _ =
        Thread.ofVirtual()
            .name("message-" + link.target())
            .start(
                () -> {
                  try {
                    deliver(message);
                  } finally {
                    room.release();
                  }
                });
  }

  private void deliver(Message message) {
    BrokerMessage said =
        new BrokerMessage(
            message.getSubject(), message.getData(), Optional.ofNullable(message.getReplyTo()));
    Map<String, String> trace = trace(message.getHeaders());
    try {
      var _ =
          PatientCalls.make(
              () -> {
                CallContext call =
                    new CallContext(
                        context.providerId(),
                        link.name(),
                        Deadline.in(context.invocationTimeout()),
                        trace);
                try {
                  component.handle(call, said);
                  count("delivered");
                } catch (MessagingException e) {
                  count("refused");
                  LOG.warn(
                      "{} refused a message of {}: {}",
                      link.target(),
                      said.subject(),
                      e.getMessage());
                }
                return said;
              },
              () -> closed);
    } catch (CallException e) {
      count("failed");
      LOG.warn("{} did not get a message of {}: {}", link.target(), said.subject(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, String> trace(@Nullable Headers headers) {
    Map<String, String> trace = new HashMap<>();
    for (String name : TRACE) {
      String value = headers == null ? null : headers.getFirst(name);
      if (value != null) {
        trace.put(name, value);
      }
    }
    return trace;
  }

  private void count(String outcome) {
    Counter.builder("wattle.messaging.received")
        .description("messages for a component, by what became of them")
        .tag("provider", context.providerId())
        .tag("outcome", outcome)
        .register(context.metrics())
        .increment();
  }

  /** Waits until the component has dealt with what it has. */
  void drain(Deadline deadline) {
    try {
      var _ = room.tryAcquire(MOST, deadline.left().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** No more messages; what the component has is finished. */
  @Override
  public void close() {
    closed = true;
    nats.closeDispatcher(dispatcher);
  }
}

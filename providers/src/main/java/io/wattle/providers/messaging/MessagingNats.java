package io.wattle.providers.messaging;

import io.micrometer.core.instrument.Counter;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.messaging.BrokerMessage;
import io.wattle.lattice.messaging.MessageBroker;
import io.wattle.lattice.messaging.MessagingException;
import io.wattle.lattice.messaging.MessagingFunctions;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderExport;
import io.wattle.providers.ProviderLink;
import io.wattle.providers.nats.NatsConnections;
import io.wattle.providers.nats.NatsTarget;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Messages over NATS ({@code wasmcloud:messaging} 0.2.0): as a link's target it publishes and asks
 * for a component, as a link's source it hands a component the messages of its subscriptions. The
 * settings are those of wasmCloud's provider (lattice reference, section 7.8), but for {@code
 * consumers}, which it refuses too.
 */
final class MessagingNats implements Provider {
  private static final Duration FLUSH = Duration.ofSeconds(10);

  /** Who sends by which connection: a source has what its own links name. */
  private record Sender(String sourceId, String linkName) {}

  private final ProviderContext context;
  private final NatsConnections connections;
  private final Map<ProviderLink.Key, ProviderLink> links = new ConcurrentHashMap<>();
  private final Map<Sender, Connection> senders = new ConcurrentHashMap<>();
  private final Map<ProviderLink.Key, Delivery> deliveries = new ConcurrentHashMap<>();
  private final List<ProviderExport> exports;
  private volatile Map<String, String> config;

  MessagingNats(ProviderContext context) {
    this.context = context;
    this.config = context.config();
    this.connections = new NatsConnections(context);
    this.exports =
        MessagingFunctions.of(new Broker()).entrySet().stream()
            .map(
                f ->
                    new ProviderExport(
                        MessagingFunctions.CONSUMER, f.getKey(), List.of(), f.getValue()))
            .toList();
  }

  @Override
  public List<ProviderExport> exports() {
    return exports;
  }

  @Override
  public void putLink(ProviderLink link) throws LinkException, InterruptedException {
    if (link.equals(links.get(link.key()))) {
      return;
    }
    if (link.sourceId().equals(context.providerId())) {
      subscribe(link);
    } else if (link.target().equals(context.providerId())) {
      senders.put(
          new Sender(link.sourceId(), link.name()), connection(settings(link.targetConfig())));
    } else {
      throw new LinkException("link to " + link.target() + ": it is not one of messaging-nats");
    }
    links.put(link.key(), link);
  }

  private Map<String, String> settings(Map<String, String> own) throws LinkException {
    Map<String, String> settings = new HashMap<>(config);
    settings.putAll(own);
    String consumers = settings.getOrDefault("consumers", "").strip();
    if (!consumers.isEmpty() && !consumers.equals("[]")) {
      throw new LinkException(
          "consumers: JetStream consumers are not supported (expected: subscriptions only)");
    }
    return settings;
  }

  private Connection connection(Map<String, String> settings)
      throws LinkException, InterruptedException {
    return connections.connection(NatsTarget.of(settings, "cluster_uris"));
  }

  private void subscribe(ProviderLink link) throws LinkException, InterruptedException {
    Map<String, String> settings = settings(link.sourceConfig());
    List<Subjects.Subscribed> wanted = Subjects.subscriptions(settings);
    if (wanted.isEmpty()) {
      throw new LinkException(
          "link to "
              + link.target()
              + ": no subscriptions in its source config (expected: SUBJECT or SUBJECT|QUEUE,"
              + " more of them behind commas)");
    }
    Connection nats = connection(settings);
    for (Subjects.Subscribed one : wanted) {
      if (connections.isLattice(nats) && Subjects.isSecret(one.subject(), context.lattice())) {
        throw new LinkException(
            "subscriptions: "
                + one.subject()
                + " has messages of the lattice itself, which are for hosts only (expected: another"
                + " subject, or cluster_uris of another NATS)");
      }
    }
    Delivery before = deliveries.put(link.key(), new Delivery(context, link, nats, wanted));
    if (before != null) {
      before.close();
    }
    flush(nats);
  }

  /** What was published before has reached the server, or at least was tried. */
  private static void flush(Connection nats) throws InterruptedException {
    try {
      nats.flush(FLUSH);
    } catch (TimeoutException e) {
      // NATS is away: subscriptions are made again when it is back
    }
  }

  @Override
  public void deleteLink(ProviderLink.Key key) {
    if (links.remove(key) == null) {
      return;
    }
    Delivery delivery = deliveries.remove(key);
    if (delivery != null) {
      delivery.close();
    } else {
      senders.remove(new Sender(key.sourceId(), key.name()));
    }
  }

  @Override
  public void updateConfig(Map<String, String> update) {
    config = Map.copyOf(update);
  }

  @Override
  public Optional<String> problem() {
    return context.nats().getStatus() == Connection.Status.CONNECTED
        ? Optional.empty()
        : Optional.of("NATS is not reached: " + context.nats().getStatus());
  }

  @Override
  public Optional<String> dead() {
    return connections.dead();
  }

  @Override
  public void close() {
    deliveries.values().forEach(Delivery::close);
    Deadline drain = Deadline.in(context.drainTimeout());
    deliveries.values().forEach(delivery -> delivery.drain(drain));
    deliveries.clear();
    senders.clear();
    connections.close();
  }

  /** The broker that callers see: the one that their link names. */
  private final class Broker implements MessageBroker {
    private Connection connection(CallContext call, String subject)
        throws MessagingException, CallException {
      Connection nats = senders.get(new Sender(call.sourceId(), call.linkName()));
      if (nats == null) {
        throw Provider.notLinked("wasmcloud:messaging/consumer", call.sourceId());
      }
      if (!Subjects.wellFormed(subject, false)) {
        throw new MessagingException(
            "subject: \"" + subject + "\" (expected: tokens with points between, no wildcards)");
      }
      if (connections.isLattice(nats) && Subjects.isReserved(subject, context.lattice())) {
        throw new MessagingException(
            "subject: " + subject + " belongs to the lattice itself; components cannot use it");
      }
      return nats;
    }

    @Override
    public void publish(CallContext call, BrokerMessage message)
        throws MessagingException, CallException, InterruptedException {
      Connection nats = connection(call, message.subject());
      if (message.replyTo().isPresent() && !Subjects.wellFormed(message.replyTo().get(), false)) {
        throw new MessagingException(
            "reply-to: \"" + message.replyTo().get() + "\" (expected: a subject)");
      }
      if (Thread.interrupted()) {
        throw new InterruptedException(); // the client would drop it without a word
      }
      try {
        nats.publish(
            message.subject(),
            message.replyTo().orElse(null),
            headers(call, message.subject()),
            message.body());
        nats.flush(call.deadline().atMost(FLUSH).left().plusMillis(1));
      } catch (IllegalArgumentException | IllegalStateException e) {
        count("failed");
        throw new MessagingException(message.subject() + ": " + e.getMessage(), e);
      } catch (TimeoutException e) {
        count("failed");
        throw new MessagingException(
            message.subject() + ": NATS does not confirm it; it may be published still", e);
      }
      count("published");
    }

    @Override
    public BrokerMessage request(CallContext call, String subject, byte[] body, Duration timeout)
        throws MessagingException, CallException, InterruptedException {
      Connection nats = connection(call, subject);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Deadline until = call.deadline().atMost(timeout);
      CompletableFuture<Message> answer;
      try {
        answer = nats.request(subject, headers(call, subject), body);
      } catch (IllegalArgumentException | IllegalStateException e) {
        count("failed");
        throw new MessagingException(subject + ": " + e.getMessage(), e);
      }
      try {
        Message said = answer.get(Math.max(1, until.nanosLeft()), TimeUnit.NANOSECONDS);
        count("answered");
        return new BrokerMessage(
            said.getSubject(), said.getData(), Optional.ofNullable(said.getReplyTo()));
      } catch (TimeoutException e) {
        count("failed");
        throw new MessagingException(
            subject + ": no answer within " + timeout.toMillis() + " ms", e);
      } catch (CancellationException | ExecutionException e) {
        count("failed");
        throw new MessagingException(subject + ": nobody listens there", e);
      } finally {
        answer.cancel(true);
      }
    }

    /** The trace goes with it; some subjects of NATS itself take no headers. */
    private Headers headers(CallContext call, String subject) {
      Headers headers = new Headers();
      for (String name : List.of("traceparent", "tracestate")) {
        String value = call.headers().get(name);
        if (value != null && !subject.startsWith("$")) {
          headers.put(name, value);
        }
      }
      return headers;
    }

    private void count(String outcome) {
      Counter.builder("wattle.messaging.sent")
          .description("messages of components, by what became of them")
          .tag("provider", context.providerId())
          .tag("outcome", outcome)
          .register(context.metrics())
          .increment();
    }
  }
}

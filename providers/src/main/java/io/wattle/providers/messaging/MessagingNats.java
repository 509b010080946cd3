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
import io.wattle.providers.LinkTable;
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

  private final ProviderContext context;
  private final NatsConnections connections;
  private final LinkTable<Connection, Delivery> links = new LinkTable<>(Delivery::close);
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
    if (links.has(link)) {
      return;
    }
    if (link.sourceId().equals(context.providerId())) {
      subscribe(link);
    } else if (link.target().equals(context.providerId())) {
      links.use(link, connection(settings(link.targetConfig())));
    } else {
      throw new LinkException("link to " + link.target() + ": it is not one of messaging-nats");
    }
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
    links.run(link, new Delivery(context, link, nats, wanted));
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
    links.remove(key);
  }

  @Override
  public void updateConfig(Map<String, String> update) {
    config = Map.copyOf(update);
  }

  @Override
  public Optional<String> problem() {
    return connections.problem();
  }

  @Override
  public Optional<String> dead() {
    return connections.dead();
  }

  @Override
  public void close() {
    List<Delivery> deliveries = links.stop();
    Deadline drain = Deadline.in(context.drainTimeout());
    deliveries.forEach(delivery -> delivery.drain(drain));
    links.clear();
    connections.close();
  }

  /** The broker that callers see: the one that their link names. */
  private final class Broker implements MessageBroker {
    private Connection connection(CallContext call, String subject)
        throws MessagingException, CallException {
      Connection nats = links.of(call);
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

package io.wattle.lattice.control;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's side of the control interface: subscribes with the queue groups all hosts share,
 * decodes, dispatches, answers (section 2.2).
 */
public final class ControlServer implements AutoCloseable {
  /** Our own field of a link put: links in conflict are replaced instead of refusing the put. */
  static final String REPLACE = "wattle_replace";

  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
  private static final Duration FLUSH = Duration.ofSeconds(5);

  private final LatticeConnection connection;
  private final ControlSubjects subjects;
  private final ControlDispatch dispatch;
  private final ExecutorService workers;
  private final Dispatcher dispatcher;

  private ControlServer(LatticeConnection connection, String hostId, ControlHandler handler) {
    this.connection = connection;
    this.subjects = new ControlSubjects(connection.options().controlPrefix(), connection.lattice());
    this.dispatch = new ControlDispatch(hostId, handler);
    this.workers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("control-", 0).factory());
    this.dispatcher = connection.nats().createDispatcher(this::received);
  }

  /** What a host takes part in. */
  public record Options(boolean componentAuctions, boolean providerAuctions) {
    /** Everything. */
    public static final Options DEFAULT = new Options(true, true);
  }

  /**
   * Subscribes for {@code hostId}. When it returns, the server knows the subscriptions.
   *
   * @throws LatticeException when the connection is lost
   */
  public static ControlServer start(
      LatticeConnection connection, String hostId, Options options, ControlHandler handler)
      throws InterruptedException {
    ControlServer server = new ControlServer(connection, hostId, handler);
    server.subscribe(hostId, options);
    connection.flush(FLUSH);
    return server;
  }

  private void subscribe(String hostId, Options options) {
    dispatcher.subscribe(subjects.hostPing());
    dispatcher.subscribe(subjects.registryPut());
    for (String mine : List.of("host.*.", "label.*.", "component.*.", "provider.*.")) {
      dispatcher.subscribe(subjects.of(mine + hostId));
    }
    if (options.componentAuctions()) {
      dispatcher.subscribe(subjects.componentAuction());
    }
    if (options.providerAuctions()) {
      dispatcher.subscribe(subjects.providerAuction());
    }
    dispatcher.subscribe(subjects.of("link.*"), subjects.linkQueue());
    dispatcher.subscribe(subjects.of("config.>"), subjects.configQueue());
    dispatcher.subscribe(subjects.claimsGet(), subjects.claimsQueue());
  }

  private void received(Message message) {
    workers.execute(() -> answer(message));
  }

  private void answer(Message message) {
    try {
      Optional<ControlDispatch.Outcome> outcome =
          dispatch.handle(
              subjects.suffix(message.getSubject()), message.getData(), Requester.of(message));
      if (outcome.isPresent()) {
        reply(message, outcome.get().reply());
        outcome.get().then().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("control request on {} failed", message.getSubject(), e);
    }
  }

  private void reply(Message message, ControlReply reply) {
    if (message.getReplyTo() == null) {
      return;
    }
    byte[] body = Json.write(reply);
    if (body.length > connection.maxPayload()) {
      body =
          Json.write(
              ControlReply.refused(
                  "the answer has "
                      + body.length
                      + " bytes, more than NATS carries (max_payload "
                      + connection.maxPayload()
                      + ")"));
    }
    try {
      connection.publish(message.getReplyTo(), body);
    } catch (IllegalStateException e) {
      LOG.warn("no answer on {}: the connection is lost", message.getSubject());
    }
  }

  /** Unsubscribes; requests under way are answered still. */
  @Override
  public void close() {
    if (dispatcher.isActive()) {
      connection.nats().closeDispatcher(dispatcher);
    }
    workers.shutdown();
  }
}

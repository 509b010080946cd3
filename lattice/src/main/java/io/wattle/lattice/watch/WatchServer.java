package io.wattle.lattice.watch;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.json.Json;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A host's side: answers those who read its log, hears of those who watch calls. */
public final class WatchServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WatchServer.class);

  /** Text of one answer; with its JSON far below what NATS carries by default, 1 MiB. */
  private static final int PAGE_CHARS = 128 * 1024;

  private final LatticeConnection connection;
  private final LogPages log;
  private final Consumer<SpyLease> leases;
  private final ExecutorService readers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("log-reader-", 0).factory());
  private final Dispatcher dispatcher;

  private WatchServer(LatticeConnection connection, LogPages log, Consumer<SpyLease> leases) {
    this.connection = connection;
    this.log = log;
    this.leases = leases;
    this.dispatcher = connection.nats().createDispatcher(message -> {});
  }

  /**
   * Begins to listen.
   *
   * @param host id of the host
   * @param leases hears who wants to see which calls
   */
  public static WatchServer start(
      LatticeConnection connection, String host, LogPages log, Consumer<SpyLease> leases) {
    WatchServer server = new WatchServer(connection, log, leases);
    server.dispatcher.subscribe(WatchSubjects.logs(connection, host), server::asked);
    server.dispatcher.subscribe(WatchSubjects.spy(connection), server::leased);
    return server;
  }

  /**
   * Tells a call of {@code id} to those who watch; while the connection is lost, nobody hears it.
   */
  public void tell(String id, SpiedCall call) {
    try {
      connection.publish(WatchSubjects.calls(connection, id), Json.write(call));
    } catch (IllegalStateException | IllegalArgumentException e) {
      LOG.debug("a call of {} was not told: {}", id, e.getMessage());
    }
  }

  private void asked(Message message) {
    if (message.getReplyTo() != null) {
      readers.execute(() -> answer(message));
    }
  }

  private void answer(Message message) {
    try {
      LogRequest request = Json.read(message.getData(), LogRequest.class, "log request");
      LogPage page = log.page(request, PAGE_CHARS);
      reply(message, Map.of("success", true, "message", "", "response", page));
    } catch (LatticeException | IllegalArgumentException e) {
      reply(message, Map.of("success", false, "message", String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the host leaves
    }
  }

  private void reply(Message message, Object body) {
    try {
      connection.publish(message.getReplyTo(), Json.write(body));
    } catch (IllegalStateException e) {
      LOG.debug("no answer on {}: the connection is lost", message.getSubject());
    }
  }

  private void leased(Message message) {
    try {
      leases.accept(Json.read(message.getData(), SpyLease.class, "spy lease"));
    } catch (LatticeException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  @Override
  public void close() {
    if (dispatcher.isActive()) {
      connection.nats().closeDispatcher(dispatcher);
    }
    readers.shutdownNow();
  }
}

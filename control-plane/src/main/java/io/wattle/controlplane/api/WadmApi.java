package io.wattle.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.wattle.controlplane.store.AppStore;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeName;
import io.wattle.lattice.json.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the API's requests on threads of its own; several at once, whatever the reconcilers do.
 */
public final class WadmApi implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WadmApi.class);
  private static final String PREFIX = "wadm.api";
  private static final int THREADS = 4;
  private static final int WAITING = 256;

  private final LatticeConnection connection;
  private final Models models;
  private final ThreadPoolExecutor threads;
  private final Dispatcher dispatcher;

  private WadmApi(LatticeConnection connection, Models models) {
    this.connection = connection;
    this.models = models;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("wadm-api-", 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
    this.dispatcher = connection.nats().createDispatcher();
  }

  /**
   * Begins to answer; when it returns the server knows the subscription.
   *
   * @throws LatticeException when JetStream cannot be used
   */
  public static WadmApi start(
      LatticeConnection connection, AppStore store, StatusBoard statuses, InstantSource clock)
      throws InterruptedException {
    Streams.make(connection);
    Models models = new Models(store, statuses, new ManifestEvents(connection, clock));
    WadmApi api = new WadmApi(connection, models);
    api.dispatcher.subscribe(PREFIX + ".>", "wadm_server", api::accept);
    connection.flush(Duration.ofSeconds(5));
    return api;
  }

  private void accept(Message message) {
    try {
      threads.execute(() -> serve(message));
    } catch (RejectedExecutionException e) {
      answer(message, Reply.error("the control plane is busy, try again"));
    }
  }

  private void serve(Message message) {
    JsonNode reply;
    try {
      reply = handle(message);
    } catch (LatticeException e) {
      LOG.warn("{}: {}", message.getSubject(), e.getMessage());
      reply =
          e.kind() == LatticeException.Kind.MALFORMED
              ? Reply.error("Unable to parse request: " + e.getMessage())
              : Reply.error("Internal storage error").put("detail", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reply = Reply.error("the control plane is stopping, try again");
    } catch (RuntimeException e) {
      LOG.error("{}: a request failed", message.getSubject(), e);
      reply = Reply.error("Internal error").put("detail", String.valueOf(e.getMessage()));
    }
    answer(message, reply);
  }

  private void answer(Message message, JsonNode reply) {
    if (message.getReplyTo() != null) {
      try {
        connection.publish(message.getReplyTo(), Json.write(reply));
      } catch (RuntimeException e) {
        // The connection is gone, and the client with it.
        LOG.debug("{}: not answered: {}", message.getSubject(), e.getMessage());
      }
    }
  }

  private JsonNode handle(Message message) throws InterruptedException {
    String subject = message.getSubject();
    String[] parts = subject.substring(PREFIX.length() + 1).split("\\.", -1);
    if (parts.length > 4) {
      return Reply.error(
          "Invalid subject: "
              + subject
              + ". Found extra components of subject, ensure your manifest name consists of only"
              + " alphanumeric characters, dashes, and underscores.");
    }
    if (parts.length < 3 || !LatticeName.isValid(parts[0])) {
      return Reply.error(
          "Invalid subject: "
              + subject
              + ". Expected to find a lattice, a category and an operation");
    }
    String name = parts.length == 4 ? parts[3] : null;
    JsonNode reply = parts[1].equals("model") ? model(message, parts[0], parts[2], name) : null;
    return reply == null ? Reply.error("Unsupported subject: " + subject) : reply;
  }

  private @Nullable JsonNode model(
      Message message, String lattice, String operation, @Nullable String name)
      throws InterruptedException {
    byte[] body = message.getData();
    if (name == null) {
      return switch (operation) {
        case "put" ->
            models.put(
                lattice,
                body,
                message.hasHeaders() ? message.getHeaders().getFirst("Content-Type") : null);
        case "list" -> models.list(lattice);
        case "get" -> models.wrappedList(lattice);
        default -> null;
      };
    }
    return switch (operation) {
      case "get" -> models.get(lattice, name, body);
      case "versions" -> models.versions(lattice, name);
      case "del" -> models.delete(lattice, name, body);
      case "deploy" -> models.deploy(lattice, name, body);
      case "undeploy" -> models.undeploy(lattice, name);
      case "status" -> models.status(lattice, name);
      case "history" ->
          Reply.error(
              "Model deployment history is not currently supported. It may be added in a future"
                  + " version");
      default -> null;
    };
  }

  /** Stops answering; requests under way are answered still. */
  @Override
  public void close() {
    try {
      connection.nats().closeDispatcher(dispatcher);
    } catch (RuntimeException e) {
      LOG.debug("the connection was closed before: {}", e.getMessage());
    }
    threads.shutdown();
    try {
      if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}

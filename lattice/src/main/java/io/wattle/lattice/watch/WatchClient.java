package io.wattle.lattice.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Dispatcher;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.json.Json;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watcher's side. */
public final class WatchClient {
  private static final Logger LOG = LoggerFactory.getLogger(WatchClient.class);

  private final LatticeConnection connection;

  public WatchClient(LatticeConnection connection) {
    this.connection = connection;
  }

  /**
   * Lines of a host's log.
   *
   * @param patience how long the answer may take beyond what the request lets the host wait
   * @throws LatticeException of kind NO_RESPONDERS when no Wattle host of this id listens
   */
  public LogPage log(String host, LogRequest request, Duration patience)
      throws InterruptedException {
    String subject = WatchSubjects.logs(connection, host);
    byte[] reply =
        connection.request(subject, Json.write(request), patience.plusMillis(request.waitMillis()));
    JsonNode answer = Json.tree(reply, subject);
    if (!answer.path("success").asBoolean()) {
      throw new LatticeException(
          LatticeException.Kind.REFUSED, answer.path("message").asText("refused"));
    }
    return Json.read(answer.path("response"), LogPage.class, subject);
  }

  /** Asks all hosts to tell calls, or to do so no more. */
  public void lease(SpyLease lease) {
    connection.publish(WatchSubjects.spy(connection), Json.write(lease));
  }

  /** Hears the calls that hosts tell, one after the other; hosts tell none without a lease. */
  public Subscription calls(String id, Consumer<SpiedCall> listener) {
    Dispatcher dispatcher =
        connection
            .nats()
            .createDispatcher(
                message -> {
                  try {
                    listener.accept(Json.read(message.getData(), SpiedCall.class, "call"));
                  } catch (LatticeException e) {
                    LOG.warn("skipped: {}", e.getMessage());
                  }
                });
    dispatcher.subscribe(WatchSubjects.calls(connection, id));
    return () -> {
      if (dispatcher.isActive()) {
        connection.nats().closeDispatcher(dispatcher);
      }
    };
  }
}

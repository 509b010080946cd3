package io.wattle.cli.component;

import io.wattle.lattice.http.RequestOptions;
import io.wattle.providers.httpclient.OutgoingClient;
import io.wattle.runtime.wasi.http.OutgoingHttp;
import io.wattle.runtime.wasi.sockets.NetworkAccess;
import io.wattle.wit.http.HttpOrigin;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP client of a component that runs here; it starts with the first request. */
final class LocalHttp implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalHttp.class);

  /** A guest that tries address after address does not fill the terminal. */
  private static final int MOST_SAID = 8;

  private final Set<HttpOrigin> said = ConcurrentHashMap.newKeySet();
  private @Nullable OutgoingClient client;
  private boolean closed;

  /** It, for what may be reached. */
  OutgoingHttp within(NetworkAccess access) {
    OutgoingHttp all =
        (task, request, timeouts) ->
            client()
                .send(
                    request,
                    new RequestOptions(
                        timeouts.connect(), timeouts.firstByte(), timeouts.betweenBytes()),
                    task.deadline());
    return all.within(access, this::denied);
  }

  private void denied(HttpOrigin to) {
    if (said.size() < MOST_SAID && said.add(to)) {
      log.warn("a request to {} was denied; to allow it: --allow-net {}", to, to.authority());
    }
  }

  private synchronized OutgoingClient client() {
    OutgoingClient open = client;
    if (open == null) {
      if (closed) {
        throw new IllegalStateException("the command is ending");
      }
      open = OutgoingClient.open();
      client = open;
    }
    return open;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (client != null) {
      client.close();
    }
  }
}

package io.wattle.providers.http;

import io.wattle.providers.LinkException;
import io.wattle.wit.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The HTTP server without a lattice: one address, one handler. */
public final class StandaloneServer implements AutoCloseable {
  private final Duration drain;
  private final HttpFront front = new HttpFront(new Exchanges());

  private StandaloneServer(Duration drain) {
    this.drain = drain;
  }

  /**
   * Listens. No thread waits for what the handler has begun to answer.
   *
   * @param address {@code 127.0.0.1:8080}; port 0 takes any free one
   * @param target who the handler is, for the log
   * @param drain how long what runs may take when this is closed
   * @throws LinkException when that is no address, or somebody listens there
   */
  public static StandaloneServer open(
      String address, String target, AsyncHttpHandler handler, Duration drain)
      throws LinkException, InterruptedException {
    ListenAddress wanted = ListenAddress.parse(address);
    StandaloneServer server = new StandaloneServer(drain);
    try {
      server.front.open(wanted);
      server.front.route(
          wanted,
          RoutingMode.ADDRESS,
          List.of(new HandlerRoute(target, handler, HttpSettings.of(Map.of()))));
      return server;
    } catch (LinkException | InterruptedException e) {
      server.close();
      throw e;
    }
  }

  /** Whether {@link #open} takes it for an address. */
  public static boolean isAddress(String text) {
    try {
      var _ = ListenAddress.parse(text);
      return true;
    } catch (LinkException e) {
      return false;
    }
  }

  private record HandlerRoute(String target, AsyncHttpHandler handler, HttpSettings settings)
      implements Route {
    @Override
    public PendingResponse begin(HttpRequest request, Exchanges threads) {
      return handler.begin(request);
    }
  }

  /** Where it is reached. */
  public String url() {
    return front.endpoints().getFirst();
  }

  /** Takes nothing more, lets finish what runs. */
  @Override
  public void close() {
    front.close(drain);
  }
}

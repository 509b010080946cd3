package io.wattle.providers.http;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.wattle.providers.LinkException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A listening address and the routes behind it. The routes change while it listens; requests under
 * way keep theirs.
 */
final class Listener {
  private static final Duration LISTEN_TIMEOUT = Duration.ofSeconds(10);

  /** The first line of a request, and all its headers, in bytes; tokens and cookies are long. */
  private static final int MOST_LINE = 8 * 1024;

  private static final int MOST_HEADERS = 32 * 1024;
  private static final AtomicInteger SHARED_PORTS = new AtomicInteger();

  private final Vertx vertx;
  private final ListenAddress address;
  private final Exchanges exchanges;
  private final SocketAddress socket;
  private final HttpServerOptions options;
  private volatile Table table = new Table(RoutingMode.ADDRESS, List.of());
  private volatile int port;
  private String deployment = "";

  /** The routes and how to choose among them; exchanged as one. */
  private record Table(RoutingMode mode, List<Route> routes) {
    Table {
      routes = List.copyOf(routes);
    }
  }

  Listener(Vertx vertx, ListenAddress address, Exchanges exchanges) {
    this.vertx = vertx;
    this.address = address;
    this.exchanges = exchanges;
    // Port 0 is one free port that all event loops share.
    this.socket =
        address.port() == 0
            ? SocketAddress.sharedRandomPort(SHARED_PORTS.incrementAndGet(), address.host())
            : SocketAddress.inetSocketAddress(address.port(), address.host());
    this.options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(true)
            .setHandle100ContinueAutomatically(true)
            .setMaxInitialLineLength(MOST_LINE)
            .setMaxHeaderSize(MOST_HEADERS)
            .setAcceptBacklog(8192);
  }

  /** Starts to listen on every event loop. */
  void open() throws LinkException, InterruptedException {
    DeploymentOptions each =
        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    try {
      deployment =
          vertx
              .deployVerticle(Acceptor::new, each)
              .toCompletionStage()
              .toCompletableFuture()
              .get(LISTEN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw refused(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw refused(e);
    }
  }

  private LinkException refused(Throwable cause) {
    String what = "cannot listen on " + address + ": ";
    if (cause instanceof UnknownHostException) {
      return new LinkException(
          what + "no address is known for that name; name one of this machine's", cause);
    }
    String why =
        cause instanceof SocketException ? String.valueOf(cause.getMessage()) : cause.toString();
    return new LinkException(
        what + why + "; stop what listens there (ss -ltnp shows it), or name another address",
        cause);
  }

  /** The address with the port that was really taken. */
  ListenAddress bound() {
    return new ListenAddress(address.host(), port);
  }

  void routes(RoutingMode mode, List<Route> now) {
    table = new Table(mode, now);
  }

  /** Stops accepting, waits for what runs, at most {@code drain}. */
  void close(Duration drain) throws InterruptedException {
    try {
      vertx
          .undeploy(deployment)
          .toCompletionStage()
          .toCompletableFuture()
          .get(drain.toMillis() + 1000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // The connections are cut with the Vert.x instance; there is nothing more to wait for.
    }
  }

  private void accept(HttpServerRequest request) {
    Optional<String> broken = Target.broken(request);
    if (broken.isPresent()) {
      Exchange.Plain.refuse(request, broken.get());
      return;
    }
    String path = request.path() == null ? "/" : request.path();
    String host = request.authority() == null ? "" : request.authority().toString();
    Table now = table;
    Optional<Route> route = now.mode().choose(now.routes(), path, host);
    if (route.isEmpty()) {
      Exchange.Plain.answer(request, 404, nobody(now.mode(), path, host));
    } else if (route.get().settings().cors().preflight(request)) {
      route.get().settings().cors().apply(request, request.response());
      request.response().setStatusCode(204).end();
    } else if (route.get().settings().readonly() && !reads(request)) {
      Exchange.Plain.answer(
          request, 405, request.method() + " is not allowed here: readonly_mode is on");
    } else {
      new Exchange(request, vertx.getOrCreateContext(), route.get()).start(exchanges);
    }
  }

  private static boolean reads(HttpServerRequest request) {
    return List.of("GET", "HEAD").contains(request.method().name());
  }

  private static String nobody(RoutingMode mode, String path, String host) {
    return switch (mode) {
      case ADDRESS -> "no component is linked to this address";
      case PATH -> "no component is linked to the path " + path;
      case HOST -> "no component is linked to the host " + host;
    };
  }

  /** One server on one event loop. */
  private final class Acceptor extends AbstractVerticle {
    private final List<HttpServer> servers = new ArrayList<>(1);

    @Override
    public void start(Promise<Void> started) {
      HttpServer server =
          vertx
              .createHttpServer(options)
              .connectionHandler(IncomingTrailers::keep)
              .requestHandler(Listener.this::accept);
      servers.add(server);
      server
          .listen(socket)
          .onSuccess(listening -> port = listening.actualPort())
          .<Void>mapEmpty()
          .onComplete(started);
    }

    @Override
    public void stop(Promise<Void> stopped) {
      servers.getFirst().shutdown(5, TimeUnit.SECONDS).onComplete(stopped);
    }
  }
}

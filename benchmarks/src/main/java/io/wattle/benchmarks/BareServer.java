package io.wattle.benchmarks;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.CountDownLatch;

/**
 * The same Vert.x server without Wasm: what a hello through a component is compared with. Runs in a
 * process of its own.
 */
final class BareServer extends AbstractVerticle {
  private static final String HELLO = "Hello from Wattle!\n";
  private static volatile int port;

  @Override
  public void start(Promise<Void> started) {
    vertx
        .createHttpServer(new HttpServerOptions())
        .requestHandler(
            request -> {
              request.response().putHeader("content-type", "text/plain");
              var _ = request.response().end(HELLO);
            })
        .listen(io.vertx.core.net.SocketAddress.sharedRandomPort(1, "127.0.0.1"))
        .onSuccess(server -> port = server.actualPort())
        .<Void>mapEmpty()
        .onComplete(started);
  }

  /** Starts it on every core, prints its URL, and ends when standard input does. */
  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    CountDownLatch up = new CountDownLatch(1);
    vertx
        .deployVerticle(
            BareServer::new,
            new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()))
        .onComplete(done -> up.countDown());
    up.await();
    System.out.println("http://127.0.0.1:" + port + "/");
    while (System.in.read() >= 0) {
      // Whoever started this holds the other end of the pipe.
    }
    System.exit(0);
  }
}

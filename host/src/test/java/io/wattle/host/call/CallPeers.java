package io.wattle.host.call;

import io.wattle.host.watch.Spies;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallObserver;
import io.wattle.lattice.call.CallPath;
import io.wattle.lattice.call.CallReports;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.wrpc.AsyncShapes;
import io.wattle.lattice.wrpc.WrpcClient;
import io.wattle.lattice.wrpc.WrpcOptions;
import io.wattle.lattice.wrpc.WrpcServer;
import io.wattle.wit.io.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A caller and a callee: two hosts as far as calls are concerned, or one. */
final class CallPeers implements AutoCloseable {
  /** A body and its trailers among parameters and results. */
  static final AsyncShapes STREAMS =
      new AsyncShapes(
          List.of(
              new AsyncShape(AsyncShape.Kind.BYTE_STREAM, List.of(0, 0)),
              new AsyncShape(AsyncShape.Kind.FUTURE, List.of(0, 1))),
          List.of(
              new AsyncShape(AsyncShape.Kind.BYTE_STREAM, List.of(0, 0)),
              new AsyncShape(AsyncShape.Kind.FUTURE, List.of(0, 1))));

  private static final Duration ASK_EVERY = Duration.ofMillis(400);

  /** A callee that is silent for eight questions is given up; this is longer. */
  static final Duration LONGER_THAN_SILENCE = ASK_EVERY.multipliedBy(9);

  /** How a call went. */
  record Report(String function, CallPath path, int messages) {}

  private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
  private final Side caller;
  private final Side callee;
  private final CallRouter.Offers offers;

  private CallPeers(NatsForTests nats, WrpcOptions options, @Nullable WrpcOptions other)
      throws InterruptedException {
    CallObserver observer =
        (target, path, messages, nanos, failure) ->
            reports.add(new Report(target.function(), path, messages));
    WrpcOptions told = options.withAskEvery(ASK_EVERY).withReports(new CallReports(observer));
    caller = new Side(nats, told);
    callee = other == null ? caller : new Side(nats, other.withAskEvery(ASK_EVERY));
    offers = callee.router.offers("callee");
  }

  /** Both in one process. */
  static CallPeers together(NatsForTests nats) throws InterruptedException {
    return new CallPeers(nats, WrpcOptions.DEFAULT, null);
  }

  /** Each with its own connection. */
  static CallPeers apart(NatsForTests nats, WrpcOptions options) throws InterruptedException {
    return new CallPeers(nats, options, options);
  }

  /** Each with its own connection and its own way of speaking. */
  static CallPeers apart(NatsForTests nats, WrpcOptions caller, WrpcOptions callee)
      throws InterruptedException {
    return new CallPeers(nats, caller, callee);
  }

  /** What the caller calls through. */
  CallHandler caller() {
    return caller.router;
  }

  /** The callee offers these from now on. */
  void serve(Offer... functions) throws InterruptedException {
    offers.set(List.of(functions));
    callee.router.flush();
  }

  /** The callee offers nothing any more. */
  void takeBack() throws InterruptedException {
    offers.close();
    callee.router.flush();
  }

  /** The callee's host is gone without a word. */
  void loseCallee() {
    callee.connection.close();
  }

  /** The caller's host is gone without a word. */
  void loseCaller() {
    caller.connection.close();
  }

  /** The next call that is over. */
  Report report() throws InterruptedException {
    Report report = reports.poll(90, TimeUnit.SECONDS);
    if (report == null) {
      throw new AssertionError("no call was reported");
    }
    return report;
  }

  @Override
  public void close() {
    caller.close();
    if (callee != caller) {
      callee.close();
    }
  }

  /** What a host has for calls. */
  private static final class Side implements AutoCloseable {
    private final LatticeConnection connection;
    private final WrpcServer server;
    private final WrpcClient client;
    private final CallRouter router;

    Side(NatsForTests nats, WrpcOptions options) throws InterruptedException {
      connection = nats.connect();
      server = WrpcServer.open(connection, options);
      client =
          WrpcClient.open(
              connection,
              target -> target.function().equals("stream") ? STREAMS : AsyncShapes.NONE,
              options);
      router =
          new CallRouter(
              connection,
              server,
              client,
              options.reports(),
              new Spies("here", Ticker.SYSTEM, InstantSource.system()));
    }

    @Override
    public void close() {
      router.close();
      client.close();
      server.close();
      connection.close();
    }
  }
}

package io.wattle.benchmarks;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.wattle.host.call.CallRouter;
import io.wattle.host.call.Offer;
import io.wattle.host.watch.Spies;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallObserver;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallReports;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.nats.NatsServer;
import io.wattle.lattice.nats.NatsServerBinary;
import io.wattle.lattice.wrpc.AsyncShapeResolver;
import io.wattle.lattice.wrpc.AsyncShapes;
import io.wattle.lattice.wrpc.WrpcClient;
import io.wattle.lattice.wrpc.WrpcOptions;
import io.wattle.lattice.wrpc.WrpcServer;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.Ticker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * A call of an echo over each path, beside a bare request and reply of the NATS client library
 * between the same two connections. All paths take turns, so that a noisy machine is noisy for all.
 */
final class LatticeFigures implements AutoCloseable {
  private static final int CALLERS = 32;
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  /** Many short ones: what else the machine does is then about the same for all ways. */
  private static final int ROUNDS = 21;

  private static final Duration ROUND = Duration.ofMillis(500);
  private static final CallTarget ECHO = new CallTarget("echo", "wattle:test/echo@0.1.0", "echo");
  private static final String BARE = "bare.echo";
  private static final byte[] BODY = "twelve bytes".getBytes(StandardCharsets.UTF_8);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final LatticeOptions lattice;
  private final LongAdder calls = new LongAdder();
  private final LongAdder messages = new LongAdder();

  private LatticeFigures(LatticeOptions lattice) {
    this.lattice = lattice;
  }

  static List<Figure> measure() throws IOException, InterruptedException {
    Path dir = Files.createTempDirectory("wattle-benchmark-");
    NatsServerBinary binary =
        NatsServerBinary.find(NatsServerBinary.defaultCache(), System.err::println);
    try (NatsServer server = NatsServer.start(binary, NatsServer.Options.in(dir));
        LatticeFigures figures =
            new LatticeFigures(
                LatticeOptions.of(server.url(), "benchmark").with(server.credentials()))) {
      return figures.measureAll();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private List<Figure> measureAll() throws Exception {
    List<Way> ways =
        List.of(
            new Way("bare jnats request and reply", bare()),
            new Way("call between two hosts", between("one", WrpcOptions.DEFAULT)),
            new Way("call over plain wRPC", between("plain", WrpcOptions.PLAIN)),
            new Way("call in process", inProcess()));
    Callers one = new Callers(1);
    Callers many = new Callers(CALLERS);
    for (Way way : ways) {
      many.run(way.call, WARM_UP);
      one.run(way.call, WARM_UP);
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Way way : ways) {
        long callsBefore = calls.sum();
        long messagesBefore = messages.sum();
        way.many.add(many.run(way.call, ROUND));
        way.one.add(one.run(way.call, ROUND));
        way.messages =
            (messages.sum() - messagesBefore) / (double) Math.max(1, calls.sum() - callsBefore);
      }
    }
    return figures(ways);
  }

  private static List<Figure> figures(List<Way> ways) {
    List<Figure> figures = new ArrayList<>();
    Way bare = ways.getFirst();
    for (Way way : ways) {
      Callers.Run many = Callers.median(way.many);
      Callers.Run one = Callers.median(way.one);
      figures.add(
          new Figure(
              way.name,
              "%s/s, p50 %s, p99 %s"
                  .formatted(
                      Figure.number(many.perSecond()),
                      Figure.time(many.p50()),
                      Figure.time(many.p99())),
              "",
              "%d callers, median of %d x %d ms; %s"
                  .formatted(CALLERS, ROUNDS, ROUND.toMillis(), effort(many))));
      figures.add(
          new Figure(
              "  one caller",
              "p50 %s, p99 %s".formatted(Figure.time(one.p50()), Figure.time(one.p99())),
              "",
              "%s messages, %s"
                  .formatted(Figure.number(way == bare ? 2 : way.messages), effort(one))));
      if (way != bare) {
        figures.add(
            new Figure(
                "  / bare, " + CALLERS + " callers; one caller",
                "%s; %s"
                    .formatted(
                        Figure.number(Callers.medianRatio(way.many, bare.many)),
                        Figure.number(Callers.medianRatio(way.one, bare.one))),
                way.name.contains("two hosts") ? ">= 0.7, aim 0.8" : "",
                "calls per second, median of the rounds' ratios"));
      }
    }
    return figures;
  }

  private static String effort(Callers.Run run) {
    return "%s switches of threads and %s us of CPU a call"
        .formatted(Figure.number(run.effort().switches()), Figure.number(run.effort().cpuMicros()));
  }

  private Callers.Call bare() throws InterruptedException {
    LatticeConnection server = connect();
    Dispatcher dispatcher =
        server
            .nats()
            .createDispatcher(
                message -> server.nats().publish(message.getReplyTo(), message.getData()));
    dispatcher.subscribe(BARE, "bare");
    server.flush(Duration.ofSeconds(5));
    LatticeConnection client = connect();
    return () -> {
      Message answer = client.nats().request(BARE, BODY, Duration.ofSeconds(10));
      if (answer == null || answer.getData().length != BODY.length) {
        throw new IllegalStateException("no answer");
      }
    };
  }

  private Callers.Call between(String id, WrpcOptions options) throws InterruptedException {
    Side callee = new Side(options);
    callee.serve(id);
    Side caller = new Side(options.withReports(new CallReports(counting())));
    return () -> caller.echo(id);
  }

  private Callers.Call inProcess() throws InterruptedException {
    Side both = new Side(WrpcOptions.DEFAULT.withReports(new CallReports(counting())));
    both.serve("here");
    return () -> both.echo("here");
  }

  private CallObserver counting() {
    return (target, path, count, nanos, failure) -> {
      calls.increment();
      messages.add(count);
    };
  }

  private LatticeConnection connect() throws InterruptedException {
    LatticeConnection connection = LatticeConnection.connect(lattice);
    opened.push(connection);
    return connection;
  }

  @Override
  public void close() throws IOException {
    try {
      while (!opened.isEmpty()) {
        opened.pop().close();
      }
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /** One way of calling, and what its rounds gave. */
  private static final class Way {
    private final String name;
    private final Callers.Call call;
    private final List<Callers.Run> many = new ArrayList<>();
    private final List<Callers.Run> one = new ArrayList<>();
    private double messages;

    Way(String name, Callers.Call call) {
      this.name = name;
      this.call = call;
    }
  }

  /** What a host has for calls. */
  private final class Side {
    private final CallRouter router;

    Side(WrpcOptions options) throws InterruptedException {
      LatticeConnection connection = connect();
      WrpcServer server = WrpcServer.open(connection, options);
      opened.push(server);
      WrpcClient client = WrpcClient.open(connection, AsyncShapeResolver.standard(), options);
      opened.push(client);
      router =
          new CallRouter(
              connection,
              server,
              client,
              options.reports(),
              new Spies("benchmark", Ticker.SYSTEM, InstantSource.system()));
      opened.push(router);
    }

    void serve(String id) throws InterruptedException {
      router
          .offers(id)
          .set(
              List.of(
                  new Offer(
                      ECHO.instance(),
                      ECHO.function(),
                      AsyncShapes.NONE,
                      request -> CallReply.of(request.parameters()))));
      router.flush();
    }

    void echo(String id) throws Exception {
      CallReply reply =
          router.handle(
              new CallRequest(
                  new CallTarget(id, ECHO.instance(), ECHO.function()),
                  new CallContext(
                      "caller", "default", Deadline.in(Duration.ofSeconds(10)), Map.of()),
                  BODY,
                  Map.of()));
      if (reply.results().length != BODY.length) {
        throw new IllegalStateException("not the echo");
      }
    }
  }
}

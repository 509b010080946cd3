package io.wattle.lattice.wrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.ConnectionState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.PipeAbortedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our client and our server, over a real NATS server. */
class WrpcTransportTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();
  private static final CallTarget F = new CallTarget("target", "a:b/c@1.0.0", "f");
  private static final AsyncShapes STREAMS =
      new AsyncShapes(
          List.of(new AsyncShape(AsyncShape.Kind.BYTE_STREAM, List.of(0))),
          List.of(new AsyncShape(AsyncShape.Kind.BYTE_STREAM, List.of(0))));

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private LatticeConnection serverSide;
  private WrpcServer server;
  private WrpcClient client;

  @BeforeEach
  void start() throws InterruptedException {
    serverSide = NATS.connect();
    server = WrpcServer.open(serverSide);
    client = WrpcClient.open(NATS.connect(), target -> STREAMS);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    client.close();
    server.close();
  }

  private Subscription serve(AsyncShapes shapes, CallHandler handler) throws InterruptedException {
    Subscription subscription = server.serve(F.id(), F.instance(), F.function(), shapes, handler);
    serverSide.flush(Duration.ofSeconds(60));
    return subscription;
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(60));
  }

  private static CallRequest request(byte[] parameters) {
    return new CallRequest(
        F, new CallContext("me", "default", soon(), Map.of("x", "y")), parameters, Map.of());
  }

  private static CallRequest request(byte[] parameters, BytePipe stream) {
    return new CallRequest(
        F,
        new CallContext("me", "default", soon(), Map.of()),
        parameters,
        Map.of(List.of(0), new AsyncValue.ByteStream(stream)));
  }

  private static BytePipe stream(Map<List<Integer>, AsyncValue> async) {
    if (async.get(List.of(0)) instanceof AsyncValue.ByteStream(BytePipe bytes)) {
      return bytes;
    }
    throw new AssertionError("no stream");
  }

  @Test
  void headersAndDeadlineTravel() throws Exception {
    serve(
        AsyncShapes.NONE,
        request -> {
          CallContext context = request.context();
          assertThat(context.deadline().left())
              .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(60));
          return CallReply.of(
              (context.sourceId() + context.linkName() + context.headers()).getBytes(UTF_8));
        });
    assertThat(new String(client.handle(request(new byte[0])).results(), UTF_8))
        .isEqualTo("medefault{x=y}");
  }

  @Test
  void threeMegabytesEachWay() throws Exception {
    serve(AsyncShapes.NONE, request -> CallReply.of(request.parameters()));
    byte[] large = new byte[3 * 1024 * 1024 + 17];
    new Random(1).nextBytes(large);
    assertThat(client.handle(request(large)).results()).isEqualTo(large);
    byte[] exact = new byte[serverSide.maxPayload()];
    assertThat(client.handle(request(exact)).results()).isEqualTo(exact);
  }

  @Test
  void aHandlersErrorArrivesWithKindAndText() throws Exception {
    serve(
        AsyncShapes.NONE,
        request -> {
          switch (request.parameters().length) {
            case 0 -> throw new CallException(CallException.Kind.BUSY, "64 wait already, at ü");
            case 1 -> throw new IllegalStateException("broken\nhere");
            default -> throw new io.wattle.wit.value.MalformedValueException("byte 0: bool");
          }
        });
    assertFails(new byte[0], CallException.Kind.BUSY, "64 wait already, at ü");
    assertFails(new byte[1], CallException.Kind.FAILED, "broken\nhere");
    assertFails(new byte[2], CallException.Kind.MALFORMED, "byte 0: bool");
    assertFails(new byte[1024 * 1024], CallException.Kind.MALFORMED, "byte 0: bool");
  }

  private void assertFails(byte[] parameters, CallException.Kind kind, String text) {
    assertThatThrownBy(() -> client.handle(request(parameters)))
        .isInstanceOf(CallException.class)
        .hasMessageContaining(text)
        .extracting(e -> ((CallException) e).kind())
        .isEqualTo(kind);
  }

  @Test
  void tenMegabytesStreamThroughInBothDirections() throws Exception {
    serve(
        STREAMS,
        request ->
            new CallReply(
                new byte[] {0},
                Map.of(List.of(0), new AsyncValue.ByteStream(stream(request.async())))));
    byte[] data = new byte[10 * 1024 * 1024];
    new Random(2).nextBytes(data);
    BytePipe out = new BytePipe();
    Future<?> writer =
        threads.submit(
            () -> {
              out.write(data, 0, data.length, soon());
              out.close();
              return null;
            });
    CallReply reply = client.handle(request(new byte[] {0}, out));
    assertThat(stream(reply.async()).readAll(data.length, soon())).isEqualTo(data);
    writer.get();
    await().atMost(Duration.ofSeconds(90)).until(() -> client.inFlight() == 0);
    await().until(() -> server.inFlight() == 0);
  }

  @Test
  void aSlowReaderSlowsItsWriterAndNobodyElse() throws Exception {
    AtomicLong written = new AtomicLong();
    serve(
        STREAMS,
        request -> {
          if (request.async().isEmpty()) {
            return CallReply.of(new byte[] {7});
          }
          BytePipe endless = new BytePipe();
          var _ =
              threads.submit(
                  () -> {
                    byte[] chunk = new byte[16 * 1024];
                    while (true) {
                      endless.write(chunk, 0, chunk.length, soon());
                      written.addAndGet(chunk.length);
                    }
                  });
          return new CallReply(
              new byte[] {0}, Map.of(List.of(0), new AsyncValue.ByteStream(endless)));
        });
    CallReply slow = client.handle(request(new byte[] {0}, BytePipe.empty()));
    for (int i = 0; i < 200; i++) {
      assertThat(client.handle(request(new byte[] {1})).results()).containsExactly(7);
    }
    assertThat(written.get()).isLessThan(2L * StreamSender.WINDOW);
    long before = written.get();
    BytePipe pipe = stream(slow.async());
    byte[] buffer = new byte[64 * 1024];
    for (int read = 0; read < 1024 * 1024; ) {
      read += pipe.read(buffer, 0, buffer.length, soon());
    }
    await().until(() -> written.get() > before + 512 * 1024);
    pipe.abort("enough");
    await().atMost(Duration.ofSeconds(90)).until(() -> server.inFlight() == 0);
  }

  @Test
  void anAbortedStreamSaysWhy() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    List<String> reasons = new ArrayList<>();
    serve(
        STREAMS,
        request -> {
          try {
            stream(request.async()).readAll(100, soon());
          } catch (PipeAbortedException e) {
            reasons.add(String.valueOf(e.getMessage()));
          } catch (java.util.concurrent.TimeoutException e) {
            reasons.add("timeout");
          }
          seen.countDown();
          BytePipe half = new BytePipe();
          half.abort("disk full");
          return new CallReply(new byte[] {0}, Map.of(List.of(0), new AsyncValue.ByteStream(half)));
        });
    BytePipe out = new BytePipe();
    out.write(new byte[] {1, 2}, 0, 2, soon());
    var _ =
        threads.submit(
            () -> {
              out.abort("client went away");
              return null;
            });
    CallReply reply = client.handle(request(new byte[] {0}, out));
    assertThat(seen.await(90, TimeUnit.SECONDS)).isTrue();
    assertThat(reasons).containsExactly("client went away");
    assertThatThrownBy(() -> stream(reply.async()).readAll(10, soon()))
        .isInstanceOf(PipeAbortedException.class)
        .hasMessage("disk full");
  }

  @Test
  void manyCallsAtOnce() throws Exception {
    serve(AsyncShapes.NONE, request -> CallReply.of(request.parameters()));
    List<Future<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      int mine = i;
      calls.add(
          threads.submit(
              () -> {
                for (int n = 0; n < 50; n++) {
                  byte[] data = (mine + ":" + n).getBytes(UTF_8);
                  if (!new String(client.handle(request(data)).results(), UTF_8)
                      .equals(mine + ":" + n)) {
                    return false;
                  }
                }
                return true;
              }));
    }
    for (Future<Boolean> call : calls) {
      assertThat(call.get()).isTrue();
    }
    assertThat(client.inFlight()).isZero();
  }

  @Test
  void replicasShareTheCallsAndADrainedOneLosesNone() throws Exception {
    AtomicInteger first = new AtomicInteger();
    AtomicInteger second = new AtomicInteger();
    Subscription leaving =
        serve(
            AsyncShapes.NONE,
            request -> {
              first.incrementAndGet();
              return CallReply.of(new byte[] {1});
            });
    LatticeConnection otherSide = NATS.connect();
    WrpcServer other = WrpcServer.open(otherSide);
    other.serve(
        F.id(),
        F.instance(),
        F.function(),
        AsyncShapes.NONE,
        request -> {
          second.incrementAndGet();
          return CallReply.of(new byte[] {2});
        });
    otherSide.flush(Duration.ofSeconds(60));
    AtomicBoolean go = new AtomicBoolean(true);
    List<Future<Integer>> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      callers.add(
          threads.submit(
              () -> {
                int calls = 0;
                while (go.get()) {
                  client.handle(request(new byte[0]));
                  calls++;
                }
                return calls;
              }));
    }
    await().until(() -> first.get() > 50 && second.get() > 50);
    leaving.close();
    assertThat(server.drain(Duration.ofSeconds(60))).isTrue();
    int after = second.get();
    await().until(() -> second.get() > after + 50);
    go.set(false);
    int calls = 0;
    for (Future<Integer> caller : callers) {
      calls += caller.get();
    }
    assertThat(first.get() + second.get()).isEqualTo(calls);
    other.close();
  }

  @Test
  void aCallerThatGivesUpStopsTheCallee() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    serve(
        STREAMS,
        request -> {
          heard.add("started");
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            heard.add("interrupted");
            throw e;
          }
          return CallReply.of(new byte[0]);
        });
    for (CallRequest request :
        List.of(request(new byte[0]), request(new byte[0], new BytePipe()))) {
      Future<CallReply> call = threads.submit(() -> client.handle(request));
      assertThat(heard.poll(90, TimeUnit.SECONDS)).isEqualTo("started");
      call.cancel(true);
      assertThat(heard.poll(90, TimeUnit.SECONDS)).isEqualTo("interrupted");
      await().until(() -> server.inFlight() == 0);
    }
  }

  @Test
  void whatFollowsACutStreamIsGivenUp() throws Exception {
    AsyncShapes withTrailer =
        new AsyncShapes(
            List.of(),
            List.of(
                new AsyncShape(AsyncShape.Kind.BYTE_STREAM, List.of(0)),
                new AsyncShape(AsyncShape.Kind.FUTURE, List.of(1))));
    serve(
        withTrailer,
        request -> {
          BytePipe cut = new BytePipe();
          cut.abort("disk full");
          return new CallReply(
              new byte[] {0},
              Map.of(
                  List.of(0), new AsyncValue.ByteStream(cut),
                  List.of(1), new AsyncValue.Future(new CompletableFuture<>())));
        });
    try (WrpcClient other = WrpcClient.open(NATS.connect(), target -> withTrailer)) {
      CallReply reply = other.handle(request(new byte[0]));
      assertThatThrownBy(() -> stream(reply.async()).readAll(1, soon())).hasMessage("disk full");
      await().until(() -> server.inFlight() == 0);
      await().atMost(Duration.ofSeconds(90)).until(() -> other.inFlight() == 0);
    }
  }

  @Test
  void callsFailWhenTheServerDiesAndWorkWhenItIsBack() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    serve(
        AsyncShapes.NONE,
        request -> {
          if (request.parameters().length == 1) {
            started.countDown();
            new CountDownLatch(1).await(90, TimeUnit.SECONDS);
          }
          return CallReply.of(new byte[] {9});
        });
    Future<CallReply> call = threads.submit(() -> client.handle(request(new byte[1])));
    assertThat(started.await(90, TimeUnit.SECONDS)).isTrue();
    NATS.restartServer();
    assertThatThrownBy(() -> call.get(90, TimeUnit.SECONDS))
        .cause()
        .hasMessageContaining("the connection to NATS was lost")
        .extracting(e -> ((CallException) e).kind())
        .isEqualTo(CallException.Kind.LOST);
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> serverSide.state() == ConnectionState.CONNECTED);
    await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptionsInstanceOf(CallException.class)
        .until(() -> client.handle(request(new byte[0])).results()[0] == 9);
  }
}

package io.wattle.lattice.wrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The worked examples of section 6.9, byte by byte against a peer that is written by hand. */
class WireExamplesTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();
  private static final CallTarget GREET =
      new CallTarget("greeter", "demo:hello/greeter@0.1.0", "greet");
  private static final CallTarget HTTP =
      new CallTarget("hello", "wrpc:http/incoming-handler@0.1.0", "handle");
  private static final String B = "_INBOX.bbb.222";

  private final ExecutorService caller = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    caller.shutdownNow();
  }

  private static CallContext context() {
    return new CallContext(
        "counter",
        "default",
        Deadline.in(Duration.ofSeconds(60)),
        Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static String subject(CallTarget target) {
    return NATS.lattice()
        + "."
        + target.id()
        + ".wrpc.0.0.1."
        + target.instance()
        + "."
        + target.function();
  }

  @Test
  void clientSpeaksExampleOne() throws Exception {
    LatticeConnection connection = NATS.connect();
    RawPeer server = RawPeer.at(connection, subject(GREET));
    RawPeer inbox = RawPeer.at(connection, B + ".>");
    WrpcClient client = WrpcClient.open(NATS.connect(), AsyncShapeResolver.NONE);
    Future<CallReply> reply =
        caller.submit(
            () -> client.handle(new CallRequest(GREET, context(), hex("05 776f726c64"), Map.of())));

    Message handshake = server.next();
    assertThat(handshake.getData()).isEqualTo(hex("05 77 6f 72 6c 64"));
    assertThat(handshake.getHeaders().getFirst("source-id")).isEqualTo("counter");
    assertThat(handshake.getHeaders().getFirst("link-name")).isEqualTo("default");
    assertThat(handshake.getHeaders().getFirst("traceparent")).startsWith("00-0af7");
    assertThat(Long.parseLong(handshake.getHeaders().getFirst("wattle-deadline-ms")))
        .isBetween(1L, 60_000L);
    String a = handshake.getReplyTo();
    server.publish(a, B, "");
    assertThat(inbox.next(B)).isEqualTo(".params");
    server.publish(a + ".results", null, "0c 48 65 6c 6c 6f 2c 20 77 6f 72 6c 64");
    server.publish(a + ".results", null, "");
    assertThat(reply.get().results()).isEqualTo(hex("0c 48656c6c6f2c20776f726c64"));
    assertThat(client.inFlight()).isZero();
  }

  @Test
  void serverSpeaksExampleOne() throws Exception {
    LatticeConnection connection = NATS.connect();
    WrpcServer server = WrpcServer.open(connection);
    List<CallRequest> seen = new ArrayList<>();
    server.serve(
        "greeter",
        GREET.instance(),
        "greet",
        AsyncShapes.NONE,
        request -> {
          seen.add(request);
          return CallReply.of(hex("0c 48656c6c6f2c20776f726c64"));
        });
    connection.flush(Duration.ofSeconds(60));
    RawPeer client = RawPeer.at(NATS.connect(), "_INBOX.aaa.111.>");
    RawPeer accepts = RawPeer.at(NATS.connect(), "_INBOX.aaa.111");
    Headers headers = new Headers().put("source-id", "web").put("traceparent", "00-1");
    client.publish(subject(GREET), "_INBOX.aaa.111", headers, "05 77 6f 72 6c 64");
    Message accept = accepts.next();
    assertThat(accept.getData()).isEmpty();
    client.publish(accept.getReplyTo() + ".params", null, "");
    assertThat(client.next("_INBOX.aaa.111")).isEqualTo(".results 0c48656c6c6f2c20776f726c64");
    assertThat(client.next("_INBOX.aaa.111")).isEqualTo(".results");
    assertThat(seen.getFirst().parameters()).isEqualTo(hex("05776f726c64"));
    assertThat(seen.getFirst().context().sourceId()).isEqualTo("web");
    assertThat(seen.getFirst().context().linkName()).isEqualTo("default");
    assertThat(seen.getFirst().context().headers()).containsEntry("traceparent", "00-1");
    assertThat(server.drain(Duration.ofSeconds(60))).isTrue();
  }

  @Test
  void serverJoinsParametersThatComeInPieces() throws Exception {
    LatticeConnection connection = NATS.connect();
    WrpcServer server = WrpcServer.open(connection);
    server.serve(
        "greeter",
        GREET.instance(),
        "greet",
        AsyncShapes.NONE,
        request -> CallReply.of(request.parameters()));
    connection.flush(Duration.ofSeconds(60));
    RawPeer client = RawPeer.at(NATS.connect(), "_INBOX.aaa.>");
    client.publish(subject(GREET), "_INBOX.aaa.1", "05 77");
    String s = client.next().getReplyTo() + ".params";
    client.publish(s, null, "6f 72");
    client.publish(s, null, "6c 64");
    assertThat(client.silent()).isTrue();
    client.publish(s, null, "");
    assertThat(client.next("_INBOX.aaa.1")).isEqualTo(".results 05776f726c64");
    assertThat(client.next("_INBOX.aaa.1")).isEqualTo(".results");
  }

  @Test
  void clientSpeaksExampleThree() throws Exception {
    LatticeConnection connection = NATS.connect();
    RawPeer server = RawPeer.at(connection, subject(HTTP));
    RawPeer inbox = RawPeer.at(connection, B + ".>");
    WrpcClient client = WrpcClient.open(NATS.connect(), AsyncShapeResolver.standard());
    BytePipe body = new BytePipe();
    CompletableFuture<byte[]> trailers = new CompletableFuture<>();
    Future<CallReply> reply =
        caller.submit(
            () ->
                client.handle(
                    new CallRequest(
                        HTTP,
                        context(),
                        hex("00 00 00"),
                        Map.of(
                            List.of(0, 0), new AsyncValue.ByteStream(body),
                            List.of(0, 1), new AsyncValue.Future(trailers)))));
    Message handshake = server.next();
    assertThat(handshake.getData()).isEqualTo(hex("00 00 00"));
    String a = handshake.getReplyTo();
    server.publish(a, B, "");
    assertThat(inbox.next(B)).isEqualTo(".params");
    Deadline soon = Deadline.in(Duration.ofSeconds(60));
    body.write("hel".getBytes(UTF_8), 0, 3, soon);
    assertThat(inbox.next(B)).isEqualTo(".params.0.0 0368656c");
    body.write("lo".getBytes(UTF_8), 0, 2, soon);
    assertThat(inbox.next(B)).isEqualTo(".params.0.0 026c6f");
    body.close();
    assertThat(inbox.next(B)).isEqualTo(".params.0.0 00");
    assertThat(inbox.next(B)).isEqualTo(".params.0.0");
    trailers.complete(new byte[] {0});
    assertThat(inbox.next(B)).isEqualTo(".params.0.1 00");
    assertThat(inbox.next(B)).isEqualTo(".params.0.1");

    server.publish(a + ".results", null, "000000c800");
    server.publish(a + ".results", null, "");
    server.publish(a + ".results.0.0", null, "0c 48656c6c");
    server.publish(a + ".results.0.0", null, "6f2c20776f726c64 02 21");
    server.publish(a + ".results.0.0", null, "3f 00");
    server.publish(a + ".results.0.0", null, "");
    server.publish(a + ".results.0.1", null, "0101");
    server.publish(a + ".results.0.1", null, "0578");
    server.publish(a + ".results.0.1", null, "");
    Map<List<Integer>, AsyncValue> async = reply.get().async();
    assertThat(text(body(async))).isEqualTo("Hello, world!?");
    assertThat(trailers(async).get()).isEqualTo(hex("01010578"));
  }

  private static BytePipe body(Map<List<Integer>, AsyncValue> async) {
    return async.get(List.of(0, 0)) instanceof AsyncValue.ByteStream(BytePipe bytes)
        ? bytes
        : BytePipe.empty();
  }

  private static CompletableFuture<byte[]> trailers(Map<List<Integer>, AsyncValue> async) {
    return async.get(List.of(0, 1)) instanceof AsyncValue.Future(CompletableFuture<byte[]> value)
        ? value
        : CompletableFuture.failedFuture(new AssertionError("no trailers"));
  }

  private static String text(BytePipe pipe) {
    try {
      return new String(pipe.readAll(1000, Deadline.in(Duration.ofSeconds(60))), UTF_8);
    } catch (Exception e) {
      return e.toString();
    }
  }

  @Test
  void serverSpeaksExampleThree() throws Exception {
    LatticeConnection connection = NATS.connect();
    WrpcServer server = WrpcServer.open(connection);
    AsyncShapes shapes = AsyncShapeResolver.standard().shapes(HTTP);
    assertThat(shapes.parameters())
        .containsExactly(
            new AsyncShape(AsyncShape.Kind.BYTE_STREAM, List.of(0, 0)),
            new AsyncShape(AsyncShape.Kind.FUTURE, List.of(0, 1)));
    server.serve(
        "hello",
        HTTP.instance(),
        "handle",
        shapes,
        request -> {
          BytePipe body = body(request.async());
          String echo = "echo " + text(body);
          return new CallReply(
              hex("000000c800"),
              Map.of(
                  List.of(0, 0), new AsyncValue.ByteStream(BytePipe.of(echo.getBytes(UTF_8))),
                  List.of(0, 1),
                      new AsyncValue.Future(CompletableFuture.completedFuture(new byte[] {0}))));
        });
    connection.flush(Duration.ofSeconds(60));
    RawPeer accepts = RawPeer.at(NATS.connect(), "_INBOX.aaa.111");
    LatticeConnection other = NATS.connect();
    RawPeer results = RawPeer.at(other, "_INBOX.aaa.111.results");
    RawPeer bodies = RawPeer.at(other, "_INBOX.aaa.111.results.0.0");
    RawPeer trailers = RawPeer.at(other, "_INBOX.aaa.111.results.0.1");
    results.publish(subject(HTTP), "_INBOX.aaa.111", "00 00 00");
    String s = accepts.next().getReplyTo();
    results.publish(s + ".params", null, "");
    results.publish(s + ".params.0.0", null, "03 68 65 6c 02 6c 6f 00");
    results.publish(s + ".params.0.0", null, "");
    results.publish(s + ".params.0.1", null, "00");
    results.publish(s + ".params.0.1", null, "");
    assertThat(results.next("_INBOX.aaa.111")).isEqualTo(".results 000000c800");
    assertThat(results.next("_INBOX.aaa.111")).isEqualTo(".results");
    assertThat(bodies.next("_INBOX.aaa.111")).isEqualTo(".results.0.0 0a6563686f2068656c6c6f");
    assertThat(bodies.next("_INBOX.aaa.111")).isEqualTo(".results.0.0 00");
    assertThat(bodies.next("_INBOX.aaa.111")).isEqualTo(".results.0.0");
    assertThat(trailers.next("_INBOX.aaa.111")).isEqualTo(".results.0.1 00");
    assertThat(trailers.next("_INBOX.aaa.111")).isEqualTo(".results.0.1");
  }

  @Test
  void anEmptyMessageBeforeTheEndIsAnAbort() throws Exception {
    LatticeConnection connection = NATS.connect();
    RawPeer server = RawPeer.at(connection, subject(HTTP));
    WrpcClient client = WrpcClient.open(NATS.connect(), AsyncShapeResolver.standard());
    Future<CallReply> reply =
        caller.submit(() -> client.handle(new CallRequest(HTTP, context(), hex("00"), Map.of())));
    String a = server.next().getReplyTo();
    server.publish(a, B, "");
    server.publish(a + ".results", null, "00");
    server.publish(a + ".results", null, "");
    server.publish(a + ".results.0.0", null, "0361");
    server.publish(a + ".results.0.0", null, "");
    server.publish(a + ".results.0.1", null, "");
    Map<List<Integer>, AsyncValue> async = reply.get().async();
    BytePipe body = body(async);
    assertThat(text(body)).contains("the sender ended the stream before its end");
    assertThatThrownBy(() -> trailers(async).get()).hasMessageContaining("the sender gave up");
  }

  @Test
  void nobodyThereIsKnownAtOnce() throws Exception {
    WrpcClient client = WrpcClient.open(NATS.connect(), AsyncShapeResolver.NONE);
    long start = System.nanoTime();
    assertThatThrownBy(
            () -> client.handle(new CallRequest(GREET, context(), new byte[0], Map.of())))
        .isInstanceOf(CallException.class)
        .hasMessageContaining("nobody serves greeter demo:hello/greeter@0.1.0.greet")
        .extracting(e -> ((CallException) e).kind())
        .isEqualTo(CallException.Kind.NOT_FOUND);
    assertThat(System.nanoTime() - start)
        .as("its deadline is not waited for")
        .isLessThan(Duration.ofSeconds(50).toNanos());
  }

  @Test
  void aPeerThatAcceptsAndIsSilentRunsIntoTheDeadline() throws Exception {
    LatticeConnection connection = NATS.connect();
    connection
        .nats()
        .createDispatcher(handshake -> connection.nats().publish(handshake.getReplyTo(), B, null))
        .subscribe(subject(GREET));
    connection.flush(Duration.ofSeconds(60));
    WrpcClient client = WrpcClient.open(NATS.connect(), AsyncShapeResolver.NONE);
    CallContext brief =
        new CallContext("a", "default", Deadline.in(Duration.ofSeconds(1)), Map.of());
    Future<CallReply> reply =
        caller.submit(() -> client.handle(new CallRequest(GREET, brief, hex("00"), Map.of())));
    assertThatThrownBy(reply::get)
        .cause()
        .isInstanceOf(CallException.class)
        .hasMessageContaining("no answer before the deadline passed")
        .extracting(e -> ((CallException) e).kind())
        .isEqualTo(CallException.Kind.TIMEOUT);
    assertThat(client.inFlight()).isZero();
  }
}

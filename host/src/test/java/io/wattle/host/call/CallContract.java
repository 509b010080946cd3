package io.wattle.host.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.wrpc.AsyncShapes;
import io.wattle.lattice.wrpc.Replies;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.PipeAbortedException;
import io.wattle.wit.value.MalformedValueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a call means, whichever way it takes: one test for each promise, run on every path. Where a
 * path cannot keep a promise, the subclass says so by the name of what it lacks.
 */
abstract class CallContract {
  private static final String ID = "callee";
  private static final String INSTANCE = "a:b/c@1.0.0";
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private CallPeers peers;

  /** The path under test, on a server of the subclass: they run beside each other. */
  abstract CallPeers open() throws InterruptedException;

  /** Plain wRPC has no words for why there is no answer, nor for why a stream ended. */
  boolean reasonsTravel() {
    return true;
  }

  /** Plain wRPC does not say how long the caller waits, nor that it waits no longer. */
  boolean deadlinesAndCancelsTravel() {
    return true;
  }

  @BeforeEach
  void openPeers() throws InterruptedException {
    peers = open();
  }

  @AfterEach
  void closePeers() {
    threads.shutdownNow();
    peers.close();
  }

  @Test
  void resultsAndContextArrive() throws Exception {
    peers.serve(
        offer(
            "f",
            request ->
                CallReply.of(
                    (new String(request.parameters(), UTF_8)
                            + " "
                            + request.target()
                            + " "
                            + request.context().sourceId()
                            + " "
                            + request.context().linkName()
                            + " "
                            + request.context().headers())
                        .getBytes(UTF_8))));
    assertThat(new String(call("f", "hello".getBytes(UTF_8)).results(), UTF_8))
        .isEqualTo("hello callee a:b/c@1.0.0.f me my-link {traceparent=00-1}");
  }

  @Test
  void everyFailureHasItsKindAndText() throws Exception {
    peers.serve(
        offer(
            "f",
            request -> {
              String how = new String(request.parameters(), UTF_8).strip();
              switch (how) {
                case "malformed" -> throw new MalformedValueException("byte 0: bool");
                case "broken" -> throw new IllegalStateException("broken\nhere");
                default ->
                    throw new CallException(
                        CallException.Kind.valueOf(how), "because " + how + " ü");
              }
            }));
    for (CallException.Kind kind : CallException.Kind.values()) {
      assertFails(kind.name(), kind, "because " + kind.name() + " ü");
      String large = kind.name() + " ".repeat(2 * 1024 * 1024);
      assertFails(large, kind, "because " + kind.name() + " ü");
    }
    assertFails("malformed", CallException.Kind.MALFORMED, "byte 0: bool");
    assertFails("broken", CallException.Kind.FAILED, "broken\nhere");
  }

  private void assertFails(String how, CallException.Kind kind, String text) {
    assertThatThrownBy(() -> call("f", how.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            CallException.class,
            e -> {
              if (reasonsTravel()) {
                assertThat(e.kind()).isEqualTo(kind);
                assertThat(e).hasMessageContaining(text);
              } else {
                assertThat(e.kind()).isEqualTo(CallException.Kind.LOST);
                assertThat(e).hasMessageContaining("ended the call without an answer");
              }
            });
  }

  @Test
  void callsOfOneCallerAreSeenInTheirOrder() throws Exception {
    List<Integer> seen = new ArrayList<>();
    peers.serve(
        offer(
            "f",
            request -> {
              seen.add((int) request.parameters()[0]);
              return CallReply.of(request.parameters());
            }));
    List<Integer> called = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      called.add(i);
      call("f", new byte[] {(byte) i});
    }
    assertThat(seen).isEqualTo(called);
  }

  @Test
  void manyAtOnceGetTheirOwnAnswers() throws Exception {
    peers.serve(offer("f", request -> CallReply.of(request.parameters())));
    List<Future<Boolean>> callers = new ArrayList<>();
    for (int caller = 0; caller < 32; caller++) {
      String name = "caller " + caller;
      callers.add(
          threads.submit(
              () -> {
                for (int n = 0; n < 20; n++) {
                  byte[] mine = (name + " " + n).getBytes(UTF_8);
                  if (!Arrays.equals(call("f", mine).results(), mine)) {
                    return false;
                  }
                }
                return true;
              }));
    }
    for (Future<Boolean> caller : callers) {
      assertThat(caller.get(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void neitherSideSeesWhatTheOtherWritesLater() throws Exception {
    AtomicReference<byte[]> kept = new AtomicReference<>();
    byte[] results = {7, 7, 7};
    peers.serve(
        offer(
            "f",
            request -> {
              Arrays.fill(request.parameters(), (byte) 9);
              kept.set(request.parameters());
              return CallReply.of(results);
            }));
    byte[] parameters = {1, 2, 3};
    byte[] answer = call("f", parameters).results();
    assertThat(parameters).containsExactly(1, 2, 3);
    Arrays.fill(results, (byte) 0);
    assertThat(answer).containsExactly(7, 7, 7);
    Arrays.fill(parameters, (byte) 0);
    assertThat(kept.get()).containsExactly(9, 9, 9);
    Arrays.fill(answer, (byte) 5);
    assertThat(results).containsExactly(0, 0, 0);
  }

  @Test
  void payloadsAboveTheLimitOfNatsPassBothWays() throws Exception {
    peers.serve(offer("f", request -> CallReply.of(request.parameters())));
    int limit = 1024 * 1024;
    for (int size : new int[] {limit - 1, limit, limit + 1, 3 * limit + 17}) {
      byte[] large = new byte[size];
      new Random(size).nextBytes(large);
      assertThat(call("f", large).results()).as("%d bytes", size).isEqualTo(large);
    }
  }

  @Test
  void streamsAndTrailersPassBothWays() throws Exception {
    peers.serve(streamOffer(CallContract::echo));
    for (int size : new int[] {0, 1, 5000, 3 * 1024 * 1024}) {
      byte[] data = new byte[size];
      new Random(size).nextBytes(data);
      BytePipe out = new BytePipe();
      CompletableFuture<byte[]> trailers = new CompletableFuture<>();
      Future<?> writer =
          threads.submit(
              () -> {
                out.write(data, 0, data.length, soon());
                out.close();
                trailers.complete(new byte[] {4, 2});
                return null;
              });
      CallReply reply = stream(out, trailers);
      assertThat(bytes(reply.async()).readAll(data.length, soon())).isEqualTo(data);
      assertThat(trailers(reply.async()).get(90, TimeUnit.SECONDS)).containsExactly(4, 2);
      writer.get(90, TimeUnit.SECONDS);
    }
  }

  @Test
  void aStreamThatIsCutSaysSo() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    peers.serve(
        streamOffer(
            request -> {
              heard.add(readToTheEnd(bytes(request.async())));
              BytePipe half = new BytePipe();
              half.abort("disk full");
              return new CallReply(
                  new byte[] {0},
                  Map.of(
                      List.of(0, 0), new AsyncValue.ByteStream(half),
                      List.of(0, 1), new AsyncValue.Future(new CompletableFuture<>())));
            }));
    BytePipe out = new BytePipe();
    out.write(new byte[] {1, 2}, 0, 2, soon());
    var _ = threads.submit(() -> out.abort("client went away"));
    CallReply reply = stream(out, new CompletableFuture<>());
    String answer = readToTheEnd(bytes(reply.async()));
    if (reasonsTravel()) {
      assertThat(heard.poll(90, TimeUnit.SECONDS)).isEqualTo("client went away");
      assertThat(answer).isEqualTo("disk full");
    } else {
      assertThat(heard.poll(90, TimeUnit.SECONDS)).contains("before its end");
      assertThat(answer).contains("before its end");
    }
  }

  private static String readToTheEnd(BytePipe pipe) throws InterruptedException {
    try {
      return pipe.readAll(100, soon()).length + " bytes";
    } catch (PipeAbortedException e) {
      return String.valueOf(e.getMessage());
    } catch (java.util.concurrent.TimeoutException e) {
      return "timeout";
    }
  }

  @Test
  void aFastWriterIsHeldBackByASlowReader() throws Exception {
    BytePipe endless = new BytePipe();
    peers.serve(
        streamOffer(
            request ->
                new CallReply(
                    new byte[] {0},
                    Map.of(
                        List.of(0, 0), new AsyncValue.ByteStream(endless),
                        List.of(0, 1), new AsyncValue.Future(new CompletableFuture<>())))));
    CallReply reply = stream(BytePipe.empty(), CompletableFuture.completedFuture(new byte[] {0}));
    BytePipe in = bytes(reply.async());
    int most = 4 * 1024 * 1024; // far more than any window
    long written = 0;
    byte[] chunk = new byte[16 * 1024];
    try {
      while (written < most) {
        endless.write(chunk, 0, chunk.length, Deadline.in(Duration.ofSeconds(1)));
        written += chunk.length;
      }
    } catch (java.util.concurrent.TimeoutException heldBack) {
      assertThat(written).isLessThan(most);
    }
    if (reasonsTravel()) {
      assertThat(written).as("bytes written while nobody reads").isLessThan(most);
    }
    in.abort("enough");
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> endless.abortReason() != null || !reasonsTravel());
  }

  @Test
  void theDeadlineTravels() throws Exception {
    peers.serve(
        offer(
            "f",
            request ->
                CallReply.of(
                    Long.toString(request.context().deadline().left().toMillis())
                        .getBytes(UTF_8))));
    long left =
        Long.parseLong(new String(call("f", Deadline.in(Duration.ofSeconds(40))).results(), UTF_8));
    if (deadlinesAndCancelsTravel()) {
      assertThat(left).isBetween(1L, 40_000L);
    } else {
      assertThat(left).as("the callee's own").isGreaterThan(60_000L);
    }
  }

  @Test
  void aCalleeThatIsLateIsStopped() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    CountDownLatch never = new CountDownLatch(1);
    peers.serve(offer("f", request -> sleep(never, heard)));
    for (int tried = 0; tried < 5 && heard.isEmpty(); tried++) { // it may pass before it is sent
      assertThatThrownBy(() -> call("f", Deadline.in(Duration.ofSeconds(1))))
          .isInstanceOfSatisfying(
              CallException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(CallException.Kind.TIMEOUT);
                assertThat(e).hasMessageContaining("before the deadline passed");
              });
    }
    assertStopped(heard, never);
  }

  @Test
  void aCallerThatGivesUpStopsTheCallee() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    CountDownLatch never = new CountDownLatch(1);
    peers.serve(offer("f", request -> sleep(never, heard)));
    Future<CallReply> call = threads.submit(() -> call("f", new byte[] {1}));
    await().atMost(Duration.ofSeconds(90)).until(() -> heard.contains("started"));
    call.cancel(true);
    assertStopped(heard, never);
  }

  private static CallReply sleep(CountDownLatch never, BlockingQueue<String> heard)
      throws InterruptedException {
    heard.add("started");
    try {
      never.await();
      heard.add("woken");
    } catch (InterruptedException e) {
      heard.add("interrupted");
      throw e;
    }
    return CallReply.of(new byte[] {1});
  }

  private void assertStopped(BlockingQueue<String> heard, CountDownLatch never)
      throws InterruptedException {
    assertThat(heard.poll(90, TimeUnit.SECONDS)).isEqualTo("started");
    if (!deadlinesAndCancelsTravel()) {
      never.countDown(); // it never hears of it, and ends by itself
    }
    assertThat(heard.poll(90, TimeUnit.SECONDS))
        .isEqualTo(deadlinesAndCancelsTravel() ? "interrupted" : "woken");
  }

  @Test
  void aThreadIsNotInterruptedForACallThatIsOver() throws Exception {
    peers.serve(
        offer(
            "f",
            request -> {
              Deadline late = Deadline.in(Duration.ofMillis(900)); // the call's is not always here
              while (!late.passed()) {
                Thread.onSpinWait(); // it does not listen to interruption
              }
              return CallReply.of(new byte[] {1});
            }));
    boolean answered;
    try {
      call("f", Deadline.in(Duration.ofMillis(100)));
      answered = true;
    } catch (CallException e) {
      assertThat(e.kind()).isEqualTo(CallException.Kind.TIMEOUT);
      answered = false;
    }
    assertThat(Thread.currentThread().isInterrupted()).as("answered: %s", answered).isFalse();
  }

  @Test
  void whatNobodyServesIsNotFound() throws Exception {
    peers.serve(offer("f", request -> CallReply.of(new byte[] {1})));
    assertThatThrownBy(() -> call("g", new byte[] {1}))
        .isInstanceOfSatisfying(
            CallException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(CallException.Kind.NOT_FOUND);
              assertThat(e).hasMessageContaining("nobody serves callee a:b/c@1.0.0.g");
            });
  }

  @Test
  void whatIsTakenBackIsNotFoundAndWhatRunsIsFinished() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    peers.serve(
        offer(
            "f",
            request -> {
              started.countDown();
              go.await();
              return CallReply.of(new byte[] {1});
            }),
        offer("g", request -> CallReply.of(new byte[] {2})));
    Future<CallReply> running = threads.submit(() -> call("f", new byte[] {1}));
    assertThat(started.await(90, TimeUnit.SECONDS)).isTrue();
    peers.takeBack();
    assertThatThrownBy(() -> call("g", new byte[] {1}))
        .extracting(e -> ((CallException) e).kind())
        .isEqualTo(CallException.Kind.NOT_FOUND);
    go.countDown();
    assertThat(running.get(90, TimeUnit.SECONDS).results()).containsExactly(1);
  }

  @Test
  void aCalleeThatComputesForLongIsNotGivenUp() throws Exception {
    peers.serve(
        offer(
            "f",
            request -> {
              Thread.sleep(CallPeers.LONGER_THAN_SILENCE);
              return CallReply.of(new byte[] {1});
            }));
    assertThat(call("f", new byte[] {1}).results()).containsExactly(1);
  }

  // How the tests speak.

  final CallPeers peers() {
    return peers;
  }

  final ExecutorService threads() {
    return threads;
  }

  static Deadline soon() {
    return Deadline.in(LONG);
  }

  static Offer offer(String function, CallHandler handler) {
    return new Offer(INSTANCE, function, AsyncShapes.NONE, handler);
  }

  static Offer streamOffer(CallHandler handler) {
    return new Offer(INSTANCE, "stream", CallPeers.STREAMS, handler);
  }

  /** The streams that came, sent back. */
  static CallReply echo(CallRequest request) {
    return new CallReply(
        new byte[] {0},
        Map.of(
            List.of(0, 0), new AsyncValue.ByteStream(bytes(request.async())),
            List.of(0, 1), new AsyncValue.Future(trailers(request.async()))));
  }

  final CallReply call(String function, byte[] parameters)
      throws CallException, InterruptedException {
    return call(function, parameters, soon(), Map.of());
  }

  final CallReply call(String function, Deadline deadline)
      throws CallException, InterruptedException {
    return call(function, new byte[] {1}, deadline, Map.of());
  }

  final CallReply stream(BytePipe body, CompletableFuture<byte[]> trailers)
      throws CallException, InterruptedException {
    return stream(body, trailers, soon());
  }

  /** Without trailers. */
  final CallReply stream(BytePipe body, Deadline deadline)
      throws CallException, InterruptedException {
    return stream(body, new CompletableFuture<>(), deadline);
  }

  private CallReply stream(BytePipe body, CompletableFuture<byte[]> trailers, Deadline deadline)
      throws CallException, InterruptedException {
    return call(
        "stream",
        new byte[] {0, 0},
        deadline,
        Map.of(
            List.of(0, 0), new AsyncValue.ByteStream(body),
            List.of(0, 1), new AsyncValue.Future(trailers)));
  }

  private CallReply call(
      String function, byte[] parameters, Deadline deadline, Map<List<Integer>, AsyncValue> async)
      throws CallException, InterruptedException {
    CallTarget target = new CallTarget(ID, INSTANCE, function);
    CallReply reply =
        peers
            .caller()
            .handle(
                new CallRequest(
                    target,
                    new CallContext("me", "my-link", deadline, Map.of("traceparent", "00-1")),
                    parameters,
                    async));
    Replies.checkNotEmpty(target, reply); // as all who read results do
    return reply;
  }

  static BytePipe bytes(Map<List<Integer>, AsyncValue> async) {
    if (async.get(List.of(0, 0)) instanceof AsyncValue.ByteStream(BytePipe bytes)) {
      return bytes;
    }
    throw new AssertionError("no stream");
  }

  static CompletableFuture<byte[]> trailers(Map<List<Integer>, AsyncValue> async) {
    if (async.get(List.of(0, 1)) instanceof AsyncValue.Future(CompletableFuture<byte[]> value)) {
      return value;
    }
    throw new AssertionError("no future");
  }
}
